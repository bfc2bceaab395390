package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wattbit/wattbit/opt"
)

func TestProgressLine(t *testing.T) {
	for _, c := range []struct {
		p     opt.Progress
		first bool
		want  string
	}{
		{opt.Progress{Phase: "formulate"}, false, "formulate"},
		{opt.Progress{Phase: "search", HasIncumbent: true, Objective: 1234567}, false, "search  incumbent 1,234,567"},
		{opt.Progress{Phase: "search", HasBound: true, Bound: -12.5}, false, "search  bound -12.50"},
		{
			opt.Progress{Phase: "search", HasIncumbent: true, Objective: 2000, HasBound: true, Bound: 1999, Nodes: 1}, false,
			"search  incumbent 2,000  bound 1,999  gap 0.0500 % (1.00 EUR)  1 node",
		},
		{opt.Progress{Phase: "search", HasIncumbent: true, Objective: 9000, HasBound: true, Bound: 3000}, true, "search  first schedule 9,000  bound 3,000"},
		{opt.Progress{Phase: "search", HasIncumbent: true, Objective: 3100, HasBound: true, Bound: 3000}, true, "search  first schedule 3,100  bound 3,000  gap 3.23 % (100.00 EUR)"},
		// A bound that rounding puts above the incumbent is no negative gap.
		{opt.Progress{Phase: "search", HasIncumbent: true, Objective: 0, HasBound: true, Bound: 1e-9}, false, "search  incumbent 0.00  bound 0.00  gap - (0.00 EUR)"},
	} {
		if got := progressLine(c.p, "EUR", c.first); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// lockedBuffer may be written by the display while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestLiveLine(t *testing.T) {
	const width = 40
	var b lockedBuffer
	p := startProgress(&b, func() int { return width }, "EUR")
	p.update(opt.Progress{Phase: "search", HasIncumbent: true, Objective: 1e12, HasBound: true, Bound: 0.9e12})
	for began := time.Now(); !strings.Contains(b.String(), "first schedule"); time.Sleep(redraw / 10) {
		if time.Since(began) > time.Minute {
			t.Fatal("the line is never drawn")
		}
	}
	p.stop()
	text := b.String()
	if strings.Contains(text, "\n") {
		t.Errorf("the line is not redrawn in place: %q", text)
	}
	if !strings.HasSuffix(text, "\r\x1b[K") {
		t.Errorf("the line is not erased at the end: %q", text)
	}
	for _, line := range strings.Split(text, "\r") {
		if line = strings.TrimSuffix(line, "\x1b[K"); len(line) >= width {
			t.Errorf("%q does not fit %d columns", line, width)
		}
	}
}

func TestPlainLines(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, width: func() int { return 0 }, currency: "EUR", began: time.Now()}
	p.draw()
	if b.Len() > 0 {
		t.Errorf("a line before there is anything to say: %q", b.String())
	}
	p.update(opt.Progress{Phase: "search"})
	p.draw()
	p.draw()
	p.update(opt.Progress{Phase: "search", HasBound: true, Bound: 1})
	p.draw() // too soon
	p.at = p.at.Add(-plainEvery)
	p.draw()
	p.at = p.at.Add(-plainEvery)
	p.draw() // nothing new
	if got, want := b.String(), "0:00  search\n0:00  search  bound 1.00\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		grouped(0, 0): "0", grouped(999, 0): "999", grouped(1000, 0): "1,000", grouped(-1234567.891, 2): "-1,234,567.89",
		grouped(-0.001, 2): "0.00", money(999.994): "999.99", money(-1e6): "-1,000,000",
		percent(0): "0 %", percent(0.5): "50.00 %", percent(1e-4): "0.0100 %", percent(1e-7): "1.0e-05 %",
		clock(7 * time.Second): "0:07", clock(3723 * time.Second): "1:02:03",
		plural(1, "limit"): "1 limit", plural(2000, "limit"): "2,000 limits",
		printable("a\x1b[31m\u009bb\n"): "a [31m b ",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for text, want := range map[string]time.Duration{"30": 30 * time.Second, "0.1": 100 * time.Millisecond, "5m": 5 * time.Minute, "1h30m": 90 * time.Minute} {
		if got, err := seconds(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-1", "0", "1e10", "NaN", "inf", "five"} {
		if got, err := seconds(text); err == nil {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
	for text, want := range map[string]float64{"1e-4": 1e-4, "0.01%": 1e-4, "5 %": 0.05} {
		if got, err := gap(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "1", "NaN", "inf", "1e-10", "small"} {
		if got, err := gap(text); err == nil {
			t.Errorf("%q is taken for %g", text, got)
		}
	}
}
