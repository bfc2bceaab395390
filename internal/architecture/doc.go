// Package architecture holds tests of what no single package can promise: which
// package may import which, what the library pulls in, and that the README
// shows code that runs. It has no code of its own.
package architecture
