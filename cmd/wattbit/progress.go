package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/wattbit/wattbit/opt"
)

// liveWidth returns a function that gives the width of the terminal behind a
// file, 0 when it is none or cannot redraw a line.
func liveWidth(f *os.File) func() int {
	return func() int {
		if os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(f.Fd())) {
			return 0
		}
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil || width <= 0 {
			return 80 // some terminals do not know
		}
		return width
	}
}

const (
	// redraw is how often the live line is drawn.
	redraw = 250 * time.Millisecond
	// plainEvery is the least time between plain lines.
	plainEvery = 2 * time.Second
)

// progress shows a running solve: on a terminal one line, redrawn in place;
// elsewhere a plain line when something has changed, every few seconds at most.
type progress struct {
	w        io.Writer
	width    func() int
	currency string
	began    time.Time
	stopped  chan struct{}
	done     sync.WaitGroup

	mu     sync.Mutex
	latest opt.Progress
	first  *float64  // cost of the first incumbent
	at     time.Time // when a plain line was last written
	said   string    // what it said, without the time
	drawn  bool
}

func startProgress(w io.Writer, width func() int, currency string) *progress {
	p := &progress{w: w, width: width, currency: currency, began: time.Now(), stopped: make(chan struct{})}
	p.done.Go(func() {
		tick := time.NewTicker(redraw)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.draw()
			case <-p.stopped:
				return
			}
		}
	})
	return p
}

// update takes what the solve reports.
func (p *progress) update(latest opt.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest = latest
	if latest.HasIncumbent && p.first == nil {
		p.first = &latest.Objective
	}
}

// stop ends the display; the live line is erased, for what follows says more.
func (p *progress) stop() {
	close(p.stopped)
	p.done.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.latest.Phase == "" {
		return
	}
	line := progressLine(p.latest, p.currency, p.first != nil && p.latest.Objective == *p.first)
	elapsed := time.Since(p.began)
	if width := p.width(); width > 0 {
		fmt.Fprint(p.w, "\r"+shorten(clock(elapsed)+"  "+line, width-1)+"\x1b[K")
		p.drawn = true
		return
	}
	if now := time.Now(); line != p.said && now.Sub(p.at) >= plainEvery {
		p.at, p.said = now, line
		fmt.Fprintf(p.w, "%s  %s\n", clock(elapsed), line)
	}
}

// tellingGap is the gap from which a first schedule says more about how it was
// made than about the search.
const tellingGap = 0.1

// progressLine is the state of a solve in a line, without the time. The first
// schedule, which is there so that a plan exists whatever happens, is called
// that, and its gap left out while it is wide.
func progressLine(p opt.Progress, currency string, first bool) string {
	parts := []string{p.Phase}
	if p.HasIncumbent {
		name := "incumbent "
		if first {
			name = "first schedule "
		}
		parts = append(parts, name+money(p.Objective))
	}
	if p.HasBound {
		parts = append(parts, "bound "+money(p.Bound))
	}
	if p.HasIncumbent && p.HasBound {
		gap := max(0, p.Objective-p.Bound)
		share := "-"
		if p.Objective != 0 {
			share = percent(gap / math.Abs(p.Objective))
		}
		if !first || gap <= tellingGap*math.Abs(p.Objective) {
			parts = append(parts, fmt.Sprintf("gap %s (%s %s)", share, money(gap), printable(currency)))
		}
	}
	if p.Nodes > 0 {
		parts = append(parts, plural(int(p.Nodes), "node"))
	}
	return strings.Join(parts, "  ")
}

func shorten(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:max(0, width)])
}
