// Package sms carries short messages to telephones through the HTTP gateway of a provider.
//
// One request is one message to one number: POST, as a form, JSON or XML, in the words of a
// template that the operator gives (Options.Body). How long a text is in parts, which are what
// is paid, Count says. docs/sms.md shows the template of several gateways.
package sms
