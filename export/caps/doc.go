// Package caps turns the jobs of a plan into what schedulers may use: for every
// window of time, queue and pool a number of units, as files that Kueue, Volcano and
// Slurm take.
//
// A queue is an owner of jobs. Its cap in a pool is what its jobs hold there in the
// plan, rounded up to whole units, and 0 where they hold nothing. So a scheduler that
// keeps the caps starts work when and where the plan has it, whichever of the queue's
// jobs are then ready. Of jobs that promise reserve the cap holds what they may take
// when they are called, or catch up, too. Power levels of a pool are the same machines:
// what is held at them counts to the pool. Workloads are in no queue: what caps leave of
// a pool is theirs.
package caps
