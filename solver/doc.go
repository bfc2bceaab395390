// Package solver holds a mixed-integer linear program in plain arrays and the
// small interface that an engine implements to solve it. It knows no watt and
// no bit: packages model and opt give the numbers their meaning.
//
// The program is
//
//	minimise    offset + cost·x          (or maximise, see Problem.Maximize)
//	subject to  RowLower <= A x <= RowUpper
//	            ColLower <=  x  <= ColUpper
//	            x_j integer where ColType[j] == Integer
//
// with A stored by rows (CSR). Infinite bounds are ±math.Inf.
//
// # Three questions
//
// A solve answers three separate questions. Could it run at all? That is the
// error of Solve. Why did it stop? That is Result.Status with Result.Limit. Is
// there a point? That is Result.HasPoint. They never stand for one another: a
// time limit with an incumbent is no error, and a status says nothing about a
// point.
//
// # Signs of duals
//
// RowDual[i] is the derivative of the optimal objective, in the sense the
// program is stated in, with respect to the right-hand side of row i: the price
// of one more unit of whichever bound of the row is active. ColDual[j] is the
// reduced cost, the same derivative for the active bound of column j. So for a
// linear program at an optimum
//
//	cost_j = sum_i A_ij RowDual[i] + ColDual[j]
//
// and, when minimising, a row active at its lower bound has RowDual >= 0, at
// its upper bound RowDual <= 0; when maximising the signs are the other way
// round.
package solver
