package place

import "context"

// Pricer tells what use costs at the margin.
type Pricer interface {
	// Price writes the prices at a use, those of data not negative, and their slopes: by how much each
	// price rises with its own use, at least 0. changed says for each period
	// whether its use differs from the last call; nil says that all may. What
	// the pricer need not change it may leave as it wrote it before.
	Price(u *Use, changed []bool, prices, slopes *Prices)
}

// Power is the half that supplies what jobs use. V(u) is the least cost of
// supplying the use u.
type Power interface {
	Pricer
	// Settle is called after each pass: a time for work that is too long for
	// every few hundred jobs, as a step of a master program.
	Settle(ctx context.Context, u *Use) error
	// Bound returns a number that V(u) - prices u is nowhere below.
	Bound(prices *Prices) float64
	// Cost returns V(u), or what the best known plan for it costs.
	Cost(u *Use) float64
}

// Yielder is a Power whose slopes are steeper than what use costs, lest jobs run to and fro. It
// is told to have its prices rise a part as fast as at first: less from pass to pass, as jobs
// settle; less still where no job moves any more, for some may stay for that alone; and at last as at first.
type Yielder interface{ Yield(part float64) }

// Sharer is a Power that has users of its own for pools and links. While jobs look
// for their places its prices say what capacity costs beside them; a placement that
// is to be kept stays within what they leave. In bounds the prices of capacity are
// part of the prices of use, and the minimum of V(u) - prices u is over the uses
// within capacity.
//
// Its Bound is called beside its other methods and itself, from any goroutine.
type Sharer interface {
	Power
	// Proves says whether Bound can say anything by now.
	Proves() bool
	// Room returns the units and GB that other users leave at the use of the
	// last Settle.
	Room() (units, gb []float64)
}
