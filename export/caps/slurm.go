package caps

// Slurm: a QOS for each queue and pool, GrpTRES the cap, set by sacctmgr as its manual
// page says: "modify qos where name=NAME set GrpTRES=TRES=n[,TRES=n...]". Files are
// shell scripts, for sacctmgr takes its commands from the command line. Names are
// letters, digits and dashes alone, so that nothing is to be quoted.

import (
	"bytes"
	"fmt"
	"strings"
)

const slurmHead = "#!/bin/sh\n# %s\nset -eu\n"

func (c *Caps) slurmSetup(cluster *Cluster) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, slurmHead, "A QOS for each queue and pool of "+cluster.Name+".")
	for _, of := range c.pairs(cluster) {
		for _, name := range of {
			fmt.Fprintf(&b, "[ -n \"$(sacctmgr -n -P show qos where name=%[1]s format=name)\" ] || sacctmgr -i add qos name=%[1]s\n", name)
		}
	}
	return b.Bytes(), nil
}

func (c *Caps) slurmWindow(cluster *Cluster, window int) ([]byte, error) {
	names := c.pairs(cluster)
	var b bytes.Buffer
	fmt.Fprintf(&b, slurmHead, c.about(window))
	for q := range c.Queues {
		for i := range cluster.Pools {
			p := &cluster.Pools[i]
			var limits []string
			for _, r := range p.Resources {
				n, err := times(r.PerUnit, c.Units(window, q, p), Slurm)
				if err != nil {
					return nil, err
				}
				limits = append(limits, r.Name+"="+n)
			}
			fmt.Fprintf(&b, "sacctmgr -i modify qos where name=%s set GrpTRES=%s\n", names[q][i], strings.Join(limits, ","))
		}
	}
	return b.Bytes(), nil
}
