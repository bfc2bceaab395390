package highs

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Constants of the C interface, under their names there.
const (
	statusError   = -1
	statusOK      = 0
	statusWarning = 1

	senseMinimize = 1
	senseMaximize = -1

	matrixRowwise = 2

	solutionFeasible = 2

	modelNotset                = 0
	modelLoadError             = 1
	modelModelError            = 2
	modelPresolveError         = 3
	modelSolveError            = 4
	modelPostsolveError        = 5
	modelEmpty                 = 6
	modelOptimal               = 7
	modelInfeasible            = 8
	modelUnboundedOrInfeasible = 9
	modelUnbounded             = 10
	modelObjectiveBound        = 11
	modelObjectiveTarget       = 12
	modelTimeLimit             = 13
	modelIterationLimit        = 14
	modelUnknown               = 15
	modelSolutionLimit         = 16
	modelInterrupt             = 17
	modelMemoryLimit           = 18
	modelHighsInterrupt        = 19

	callbackLogging              = 0
	callbackSimplexInterrupt     = 1
	callbackIpmInterrupt         = 2
	callbackMipImprovingSolution = 4
	callbackMipInterrupt         = 6
	callbackMipGetCutPool        = 7

	basisValid = 1

	ruleEnumeration = 1 << 16 // a bit of presolve_rule_off
)

// library is a loaded HiGHS: the functions used here, and nothing that belongs
// to one solve. HighsInt is 32 bits wide, which load makes sure of.
type library struct {
	create  func() unsafe.Pointer
	destroy func(h unsafe.Pointer)

	versionMajor func() int32
	versionMinor func() int32
	versionPatch func() int32
	sizeofInt    func(h unsafe.Pointer) int32

	setBool   func(h unsafe.Pointer, name string, value int32) int32
	setInt    func(h unsafe.Pointer, name string, value int32) int32
	setDouble func(h unsafe.Pointer, name string, value float64) int32
	setString func(h unsafe.Pointer, name, value string) int32

	passMip func(h unsafe.Pointer, cols, rows, nonzeros, format, sense int32, offset float64,
		cost, colLower, colUpper, rowLower, rowUpper *float64, start, index *int32, value *float64, integrality *int32) int32
	passLp func(h unsafe.Pointer, cols, rows, nonzeros, format, sense int32, offset float64,
		cost, colLower, colUpper, rowLower, rowUpper *float64, start, index *int32, value *float64) int32
	setSolution       func(h unsafe.Pointer, colValue, rowValue, colDual, rowDual *float64) int32
	setSparseSolution func(h unsafe.Pointer, n int32, index *int32, value *float64) int32

	setBasis func(h unsafe.Pointer, col, row *int32) int32
	getBasis func(h unsafe.Pointer, col, row *int32) int32

	setCallback   func(h unsafe.Pointer, fn, data uintptr) int32
	startCallback func(h unsafe.Pointer, kind int32) int32
	callbackItem  func(out unsafe.Pointer, name string) unsafe.Pointer

	run          func(h unsafe.Pointer) int32
	clearSolver  func(h unsafe.Pointer) int32
	modelStatus  func(h unsafe.Pointer) int32
	intInfo      func(h unsafe.Pointer, name string, value *int32) int32
	int64Info    func(h unsafe.Pointer, name string, value *int64) int32
	doubleInfo   func(h unsafe.Pointer, name string, value *float64) int32
	getSolution  func(h unsafe.Pointer, colValue, colDual, rowValue, rowDual *float64) int32
	versionFound string

	// misenumerates says that presolve of this version is wrong where it
	// enumerates: see "Presolve" in the package comment.
	misenumerates bool
}

// load opens the library at an absolute path and checks that it is a HiGHS that
// this package can talk to. A library once loaded stays for the life of the
// process: unloading C++ code with thread-local state is not safe.
func load(path string) (*library, error) {
	// The loader keeps its error text for each thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	handle, err := openLibrary(path)
	if err != nil {
		return nil, fmt.Errorf("highs: cannot load %s: %w", path, err)
	}
	l := new(library)
	for _, s := range []struct {
		name string
		fn   any
	}{
		{"Highs_create", &l.create},
		{"Highs_destroy", &l.destroy},
		{"Highs_versionMajor", &l.versionMajor},
		{"Highs_versionMinor", &l.versionMinor},
		{"Highs_versionPatch", &l.versionPatch},
		{"Highs_getSizeofHighsInt", &l.sizeofInt},
		{"Highs_setBoolOptionValue", &l.setBool},
		{"Highs_setIntOptionValue", &l.setInt},
		{"Highs_setDoubleOptionValue", &l.setDouble},
		{"Highs_setStringOptionValue", &l.setString},
		{"Highs_passMip", &l.passMip},
		{"Highs_passLp", &l.passLp},
		{"Highs_setSolution", &l.setSolution},
		{"Highs_setSparseSolution", &l.setSparseSolution},
		{"Highs_setBasis", &l.setBasis},
		{"Highs_getBasis", &l.getBasis},
		{"Highs_setCallback", &l.setCallback},
		{"Highs_startCallback", &l.startCallback},
		{"Highs_getCallbackDataOutItem", &l.callbackItem},
		{"Highs_run", &l.run},
		{"Highs_clearSolver", &l.clearSolver},
		{"Highs_getModelStatus", &l.modelStatus},
		{"Highs_getIntInfoValue", &l.intInfo},
		{"Highs_getInt64InfoValue", &l.int64Info},
		{"Highs_getDoubleInfoValue", &l.doubleInfo},
		{"Highs_getSolution", &l.getSolution},
	} {
		// RegisterFunc panics on a null address, so the symbol comes first.
		address, err := lookup(handle, s.name)
		if err != nil {
			return nil, fmt.Errorf("highs: %s is not a HiGHS library: it lacks %s: %w", path, s.name, err)
		}
		purego.RegisterFunc(s.fn, address)
	}
	major, minor, patch := l.versionMajor(), l.versionMinor(), l.versionPatch()
	l.versionFound = fmt.Sprintf("%d.%d.%d", major, minor, patch)
	if !supported(major, minor) {
		return nil, fmt.Errorf("highs: %s is HiGHS %s, want at least 1.15 and below 2", path, l.versionFound)
	}
	l.misenumerates = minor <= 15
	h := l.create()
	if h == nil {
		return nil, fmt.Errorf("highs: %s cannot create an instance", path)
	}
	defer l.destroy(h)
	if size := l.sizeofInt(h); size != 4 {
		return nil, fmt.Errorf("highs: %s was built with integers of %d bytes, want 4", path, size)
	}
	return l, nil
}

// supported says whether a version is one that this package can talk to.
func supported(major, minor int32) bool { return major == 1 && minor >= 15 }
