package place

import "context"

// InOrder places jobs one after the other as they are listed, each at its cheapest
// place at the prices of the pricer within the capacity that is left, and moves
// none again: what a scheduler does that takes prices as given. A job that fits
// nowhere is dropped, and so is one that costs more than to drop it.
func (s *Session) InOrder(ctx context.Context, pricer Pricer, order []int32) {
	s.watch(ctx)
	s.resetLimit(nil)
	s.hard = true
	s.makeRoom()
	s.pass(pricer, order, hardBlock)
	s.recount()
}
