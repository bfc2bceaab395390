// Package place finds a place for each of very many jobs: pool, time, and the
// ways of its data. It is the job half of joint planning. It knows jobs, pools
// and data links as arrays, no watt and no solver: what use costs it is told as
// prices, by whoever plays Power.
//
// With a place x_j for every job j, use u(x) of pools and data links (units
// held, units busy, GB), and V(u) what the other half pays to supply a use,
//
//	minimise    V(u(x)) + sum over j of c_j(x_j)      c: lateness and drop price
//	subject to  held_{pool,t} <= capacity,  gb_{link,t} <= capacity
//
// Every job has a whole place from the first pass on. Jobs move one at a time
// on the augmented Lagrangian
//
//	V(u) + sum c_j + sum over cells of (max(0, mu + rho (load - capacity))^2 - mu^2) / (2 rho)
//
// whose multipliers mu take max(0, mu + rho (load - capacity)) after each pass,
// while rho grows (Bertsekas, Constrained Optimization and Lagrange Multiplier
// Methods, 1982, chapter 2; here the inner minimisation is over integers, so
// there is no theorem: the bound says how good the answer is). A job's move is
// the answer of an exact oracle to the prices that it sees, and is kept only
// where the potential falls.
//
// At any prices p of use and any mu >= 0,
//
//	min over u of (V(u) - p u)  +  sum over j of min over x_j of (c_j + (p + mu) u_j(x_j))  -  mu capacity
//
// is at most the cost of any placement: the first term is Power's, the rest is
// Session.Bound, with tolls for copies (copy.go). Account takes the difference apart.
//
// Quotas of owners are capacities too, and power levels share that of their pool
// (seat.go); jobs that are tied to each other move together (tie.go); data that jobs share is
// brought where it pays (copy.go).
package place
