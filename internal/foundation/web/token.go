package web

// TokenField is the form field that carries the form token.
const TokenField = "form_token"
