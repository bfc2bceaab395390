package place

import "math"

// network finds the greatest flow by shortest ways, many at once (Dinic, Soviet Mathematics
// Doklady 11, 1970, 1277-1280).
type network struct {
	from  [][]int32 // arcs by node; arc k^1 is the way back of arc k
	to    []int32
	left  []float64 // room of each arc
	level []int32   // of each node: arcs from the source, -1 where it is out of reach
	next  []int32   // of each node: the first arc that may lead on
}

func newNetwork(nodes int) *network {
	return &network{from: make([][]int32, nodes), level: make([]int32, nodes), next: make([]int32, nodes)}
}

func (n *network) add(from, to int32, room float64) {
	k := int32(len(n.to))
	n.from[from], n.from[to] = append(n.from[from], k), append(n.from[to], k+1)
	n.to, n.left = append(n.to, to, from), append(n.left, room, 0)
}

// fill sends as much as there is room for.
func (n *network) fill(source, sink int32) {
	for n.rank(source, sink) {
		clear(n.next)
		for n.send(source, sink, math.Inf(1)) > 0 {
		}
	}
}

// reached says whether there is room on a way to the node from the source, after fill.
func (n *network) reached(node int32) bool { return n.level[node] >= 0 }

// rank sets levels, and says whether the sink is in reach.
func (n *network) rank(source, sink int32) bool {
	for i := range n.level {
		n.level[i] = -1
	}
	n.level[source] = 0
	queue := []int32{source}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, k := range n.from[i] {
			if o := n.to[k]; n.left[k] > 0 && n.level[o] < 0 {
				n.level[o] = n.level[i] + 1
				queue = append(queue, o)
			}
		}
	}
	return n.level[sink] >= 0
}

// send sends up to so much from a node to the sink along one way, and returns how much.
func (n *network) send(node, sink int32, amount float64) float64 {
	if node == sink {
		return amount
	}
	for ; int(n.next[node]) < len(n.from[node]); n.next[node]++ {
		k := n.from[node][n.next[node]]
		o := n.to[k]
		if n.left[k] <= 0 || n.level[o] != n.level[node]+1 {
			continue
		}
		if sent := n.send(o, sink, min(amount, n.left[k])); sent > 0 {
			n.left[k] -= sent
			n.left[k^1] += sent
			return sent
		}
	}
	return 0
}
