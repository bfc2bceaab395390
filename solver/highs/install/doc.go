// Package install puts the HiGHS library into the user's cache folder, where
// package highs finds it. The library comes out of a wheel of the Python
// package highsbox, whose digest is pinned here for each platform, so what is
// installed is the file that the tests ran on or nothing at all. No Python
// package is installed; Python's installer only fetches the file.
package install
