package decomp

// The order of elimination: minimum degree on a graph given as cliques.
//
// Eliminating a row joins the cliques it is in to one, without the row; no
// other edges ever arise, so the graph is at all times a list of cliques no
// longer than at first. Degrees are bounded from above as in Amestoy, Davis and
// Duff, An approximate minimum degree ordering algorithm (SIAM J. Matrix Anal.
// Appl. 17, 1996): the new clique and what each other clique has outside it.

// elimination is an order of rows and the fill it causes.
type elimination struct {
	order []int32 // rows, first eliminated first
	// below lists for the first places in order the rows in their column of
	// the factor, unsorted; the rows after those places are one clique.
	below [][]int32
}

// degreeLists holds rows in lists by degree.
type degreeLists struct {
	head, next, prev []int32 // -1 ends a list
	degree           []int32
	least            int // no list before it has rows
}

func newDegreeLists(n int) *degreeLists {
	l := &degreeLists{head: make([]int32, n+1), next: make([]int32, n), prev: make([]int32, n), degree: make([]int32, n)}
	for i := range l.head {
		l.head[i] = -1
	}
	return l
}

func (l *degreeLists) add(v, degree int32) {
	h := l.head[degree]
	l.degree[v], l.next[v], l.prev[v] = degree, h, -1
	if h >= 0 {
		l.prev[h] = v
	}
	l.head[degree] = v
	l.least = min(l.least, int(degree))
}

func (l *degreeLists) remove(v int32) {
	n, p := l.next[v], l.prev[v]
	if p >= 0 {
		l.next[p] = n
	} else {
		l.head[l.degree[v]] = n
	}
	if n >= 0 {
		l.prev[n] = p
	}
}

// pop removes a row of least degree; there must be one.
func (l *degreeLists) pop() int32 {
	for l.head[l.least] < 0 {
		l.least++
	}
	v := l.head[l.least]
	l.remove(v)
	return v
}

// cliqueGraph is the graph of the rows not yet eliminated.
type cliqueGraph struct {
	cliques [][]int32 // rows of each; nil once it is part of another
	of      [][]int32 // cliques of each row, some of them nil by now
	outside []int32   // of each clique, scratch: rows outside the newest one
	visited []int32   // of each clique: the round in which outside was set
	mark    []int32   // of each row: the round in which it was seen
	round   int32
}

func newCliqueGraph(n int, cliques [][]int32) *cliqueGraph {
	g := &cliqueGraph{cliques: make([][]int32, len(cliques)), of: make([][]int32, n),
		outside: make([]int32, len(cliques)), visited: make([]int32, len(cliques)), mark: make([]int32, n)}
	for c, rows := range cliques {
		g.cliques[c] = rows
		for _, v := range rows {
			g.of[v] = append(g.of[v], int32(c))
		}
	}
	return g
}

// join replaces the cliques of row v by one clique: their rows without v.
func (g *cliqueGraph) join(v int32) (clique int32) {
	g.round++
	g.mark[v] = g.round
	var rows []int32
	for _, c := range g.of[v] {
		for _, u := range g.cliques[c] {
			if g.mark[u] != g.round {
				g.mark[u] = g.round
				rows = append(rows, u)
			}
		}
		g.cliques[c] = nil
	}
	g.of[v] = nil
	g.cliques = append(g.cliques, rows)
	g.outside = append(g.outside, 0)
	g.visited = append(g.visited, 0)
	return int32(len(g.cliques) - 1)
}

// settle enters the new clique at its rows, drops cliques that lie within it,
// and returns through degree an upper bound on each row's degree.
func (g *cliqueGraph) settle(clique int32, degree func(v, d int32)) {
	rows := g.cliques[clique]
	for _, v := range rows {
		for _, c := range g.of[v] {
			if g.visited[c] != g.round {
				g.visited[c], g.outside[c] = g.round, int32(len(g.cliques[c]))
			}
			g.outside[c]--
		}
	}
	for _, v := range rows {
		d := int32(len(rows) - 1)
		keep := g.of[v][:0]
		for _, c := range g.of[v] {
			if g.cliques[c] == nil {
				continue
			}
			if g.outside[c] <= 0 {
				g.cliques[c] = nil
				continue
			}
			keep = append(keep, c)
			d += g.outside[c]
		}
		g.of[v] = append(keep, clique)
		degree(v, d)
	}
}

// minimumDegree orders n rows whose graph is the union of the cliques.
func minimumDegree(n int, cliques [][]int32) elimination {
	g := newCliqueGraph(n, cliques)
	lists := newDegreeLists(n)
	for v := n - 1; v >= 0; v-- {
		d := 0
		for _, c := range g.of[v] {
			d += len(g.cliques[c]) - 1
		}
		lists.add(int32(v), int32(min(d, n-1)))
	}
	e := elimination{order: make([]int32, 0, n), below: make([][]int32, 0, n)}
	for len(e.order) < n {
		v := lists.pop()
		left := n - len(e.order) - 1
		clique := g.join(v)
		rows := g.cliques[clique]
		e.below = append(e.below, rows)
		e.order = append(e.order, v)
		if len(rows) == left {
			e.order = append(e.order, rows...)
			break
		}
		g.settle(clique, func(v, d int32) {
			lists.remove(v)
			lists.add(v, min(d, int32(left-1)))
		})
	}
	return e
}

// sparseCost is what a multiplication in a sparse column costs in terms of one
// in the dense core; measured on a matrix of each sort.
const sparseCost = 3

// split returns how many rows to eliminate one by one so that this and the dense
// factorisation of the rest cost least.
func (e *elimination) split() int {
	n := len(e.order)
	cube := func(k int) float64 { f := float64(k); return f * f * (f + 12) / 6 }
	best, at, spent := cube(n), 0, 0.0
	for k, rows := range e.below {
		d := float64(len(rows))
		spent += sparseCost * (d*d/2 + 2*d + 10)
		if c := spent + cube(n-k-1); c < best {
			best, at = c, k+1
		}
	}
	return at
}
