// Package telegram speaks to the Bot API: messages with one button, pictures,
// posts in channels, and what people write to the bot. It paces itself as the API asks: 30
// messages a second over all and one a second in a chat.
package telegram
