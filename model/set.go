package model

import (
	"fmt"
	"strconv"
	"strings"
)

// setPrefix begins the File of a finding about a value that was set.
const setPrefix = "set "

// apply sets the values that ReadOptions.Set asks for, in order.
func (s *source) apply() {
	for i, entry := range s.sets {
		if problem, remedy := s.set(int32(i+1), entry); problem != "" {
			s.findings.add(Finding{File: setPrefix + entry, Problem: problem, Remedy: remedy})
		}
	}
}

func (s *source) set(number int32, entry string) (problem, remedy string) {
	path, text, ok := strings.Cut(entry, "=")
	path = strings.TrimSpace(path)
	// Brackets may hold a name with an equals sign.
	for ok && strings.Count(path, "[") > strings.Count(path, "]") {
		var more string
		more, text, ok = strings.Cut(text, "=")
		path += "=" + more
	}
	if !ok || path == "" {
		return "is not path=value", "write it as in penalties.shed_price_per_mwh=5000 or jobs[train].count=2"
	}
	steps, problem := setSteps(path)
	if problem != "" {
		return problem, "write a path as in thermal_units[coal].deep.min_power_mw"
	}
	value, err := parseYAML([]byte(text))
	if err != nil {
		return "its value " + err.Error(), "write a number, text, or YAML as in [{count: 96, hours: 0.25}]"
	}
	value.mark(number)
	return s.root.put(steps, value, number)
}

// mark says that a tree was set rather than read.
func (n *node) mark(number int32) {
	n.line, n.set = 0, number
	for _, item := range n.items {
		item.mark(number)
	}
}

// setStep is a step of a path: into a field, or to a list's item.
type setStep struct {
	name string
	item bool
}

func setSteps(path string) (steps []setStep, problem string) {
	for rest := path; rest != ""; {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 2 {
				return nil, "has brackets that hold nothing or do not close"
			}
			steps = append(steps, setStep{rest[1:end], true})
			rest = rest[end+1:]
		} else {
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			steps = append(steps, setStep{rest[:end], false})
			rest = rest[end:]
		}
		if rest != "" && rest[0] == '.' {
			rest = rest[1:]
			if rest == "" {
				return nil, "ends in a point"
			}
		}
	}
	for _, step := range steps {
		if step.name == "" {
			return nil, "has an empty step"
		}
	}
	if steps[0].item {
		return nil, "begins with brackets"
	}
	return steps, ""
}

// put sets the value at the end of the steps below n. Objects on the way that
// are not there are made; items of lists must be there.
func (n *node) put(steps []setStep, value *node, number int32) (problem, remedy string) {
	step, last := steps[0], len(steps) == 1
	if !step.item {
		if n.kind != objectNode {
			return fmt.Sprintf("has no %s: what comes before it is %s", step.name, n.kind), ""
		}
		for i := range n.keys {
			if n.keys[i].name != step.name {
				continue
			}
			if last {
				n.items[i] = value
				return "", ""
			}
			return n.items[i].put(steps[1:], value, number)
		}
		item := value
		if !last {
			if steps[1].item {
				return fmt.Sprintf("there is no %s", step.name), "a list is set as a whole before its items"
			}
			item = &node{kind: objectNode, set: number}
		}
		n.keys = append(n.keys, nodeKey{name: step.name})
		n.items = append(n.items, item)
		if last {
			return "", ""
		}
		return item.put(steps[1:], value, number)
	}
	if n.kind != listNode {
		return fmt.Sprintf("[%s] asks for a list's item, and this is %s", step.name, n.kind), ""
	}
	i, problem, remedy := n.find(step.name)
	if problem != "" {
		return problem, remedy
	}
	if last {
		n.items[i] = value
		return "", ""
	}
	return n.items[i].put(steps[1:], value, number)
}

// find returns a list's item by name, else by its position from 0.
func (n *node) find(key string) (i int, problem, remedy string) {
	var names []string
	for i, item := range n.items {
		name := item.itemName()
		if name == key {
			return i, "", ""
		}
		if name != "" {
			names = append(names, name)
		}
	}
	if i, err := strconv.Atoi(key); err == nil {
		if i >= 0 && i < len(n.items) {
			return i, "", ""
		}
		return 0, fmt.Sprintf("there is no item [%s]", key), fmt.Sprintf("the list has %d items, counted from 0", len(n.items))
	}
	return 0, fmt.Sprintf("there is no item named %s", clip(key)), didYouMean(key, names)
}
