package verify

import "slices"

// Rule is one limit that every plan must keep.
type Rule struct {
	// Name is stable, as in thermal.min_up.
	Name string `json:"name"`
	// Sentence says what must hold.
	Sentence string `json:"sentence"`
}

// Rules lists every rule, in the order in which they are checked. Assets of
// one's own kinds add rules under their kind's name.
func Rules() []Rule {
	var out []Rule
	for _, kind := range kinds() {
		out = append(out, kind.rules...)
	}
	return out
}

// kind is a kind of asset, or of account, with its rules and their check.
type kind struct {
	rules []Rule
	check func(*checker)
}

// kinds is the ordered list. What feeds a sum stands before what checks it:
// work before pools, pools before sites, everything before buses, policy and
// costs.
func kinds() []kind {
	return []kind{
		{caseRules(), (*checker).openCase},
		{planRules(), (*checker).openPlan},
		{thermalRules(), (*checker).thermal},
		{renewableRules(), (*checker).renewables},
		{hydroRules(), (*checker).hydro},
		{storageRules(), (*checker).storages},
		{linkRules(), (*checker).links},
		{workloadRules(), (*checker).workloads},
		{queueRules(), (*checker).queues},
		{datasetRules(), (*checker).datasets},
		{slices.Concat(jobRules(), jobReserveRules()), (*checker).jobs},
		{afterRules(), (*checker).after},
		{groupRules(), (*checker).groups},
		{quotaRules(), (*checker).quotas},
		{dataLinkRules(), (*checker).dataLinks},
		{poolRules(), (*checker).pools},
		{siteRules(), (*checker).sites},
		{greenRules(), (*checker).green},
		{demandResponseRules(), (*checker).demandResponses},
		{outageRules(), (*checker).outages},
		{assetRules(), (*checker).assets},
		{reserveRules(), (*checker).reserves},
		{busRules(), (*checker).buses},
		{policyRules(), (*checker).policy},
		{costRules(), (*checker).costs},
	}
}
