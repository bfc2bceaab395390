//go:build race

package main

// raced says that the tests look for races; the program under test then does too.
const raced = true
