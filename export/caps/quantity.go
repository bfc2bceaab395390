package caps

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
)

// quantityForm is that of a Kubernetes quantity with a whole number.
var quantityForm = regexp.MustCompile(`^([0-9]{1,18})(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$`)

// numberForm is that of a count of a Slurm TRES.
var numberForm = regexp.MustCompile(`^([0-9]{1,18})$`)

// times multiplies a quantity of the form that the target takes.
func times(perUnit string, units int, target Target) (string, error) {
	form := quantityForm
	if target == Slurm {
		form = numberForm
	}
	part := form.FindStringSubmatch(perUnit)
	if part == nil {
		return "", fmt.Errorf("%q is no quantity", perUnit)
	}
	n, ok := new(big.Int).SetString(part[1], 10)
	if !ok {
		return "", fmt.Errorf("%q is no quantity", perUnit)
	}
	n.Mul(n, big.NewInt(int64(units)))
	if !n.IsInt64() {
		return "", fmt.Errorf("%s times %s is too large", strconv.Itoa(units), perUnit)
	}
	if len(part) < 3 || n.Sign() == 0 {
		return n.String(), nil
	}
	return n.String() + part[2], nil
}
