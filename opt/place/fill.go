package place

// fill is the cheapest way to a total amount out of offers that arrive one by
// one: the cheapest offers, the dearest of them in part (the continuous
// knapsack, here with a window that grows). Offers of equal price are taken in
// the order of their arrival.
type fill struct {
	target float64
	taken  []share // cheapest first
	total  float64 // amount taken, at most target
	cost   float64
}

// share is what is taken of an offer.
type share struct {
	price, amount float64
	period        int32
}

// reset starts anew, towards a target; one of 0 is reached, and has no offers.
func (f *fill) reset(target float64) {
	f.target, f.taken, f.total, f.cost = target, f.taken[:0], 0, 0
}

// lower lowers the target to a positive one: what is dearest goes.
func (f *fill) lower(target float64) {
	f.target = target
	for n := len(f.taken); n > 0 && f.total > target; n-- {
		last := &f.taken[n-1]
		out := min(last.amount, f.total-target)
		f.total -= out
		f.cost -= out * last.price
		if last.amount -= out; last.amount > 0 {
			return
		}
		f.taken = f.taken[:n-1]
	}
}

// full says that the target is reached.
func (f *fill) full() bool { return f.total >= f.target*(1-workSlack) }

// offer adds an offer, and says whether anything was taken of it.
func (f *fill) offer(period int, price, amount float64) bool {
	n := len(f.taken)
	if amount <= 0 || f.full() && price >= f.taken[n-1].price {
		return false
	}
	if left := f.target - f.total; amount > left {
		// What does not fit pushes out dearer shares.
		more := left
		for n > 0 && more < amount && f.taken[n-1].price > price {
			last := &f.taken[n-1]
			out := min(last.amount, amount-more)
			more += out
			f.total -= out
			f.cost -= out * last.price
			if out < last.amount {
				last.amount -= out
				break
			}
			n--
		}
		f.taken = f.taken[:n]
		amount = more
	}
	f.taken = append(f.taken, share{})
	k := n
	for ; k > 0 && f.taken[k-1].price > price; k-- {
		f.taken[k] = f.taken[k-1]
	}
	f.taken[k] = share{price, amount, int32(period)}
	f.total += amount
	f.cost += amount * price
	return true
}

// last returns the last period that anything is taken of.
func (f *fill) last() int {
	last := int32(-1)
	for i := range f.taken {
		last = max(last, f.taken[i].period)
	}
	return int(last)
}
