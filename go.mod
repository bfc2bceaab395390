module github.com/wattbit/wattbit

go 1.26
