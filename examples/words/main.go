// Words counts the words of its arguments, in C++: containers, exceptions and all.
package main

// #include <stdlib.h>
// #include "words.h"
import "C"

import (
	"fmt"
	"os"
	"strings"
	"unsafe"
)

func main() {
	text := C.CString(strings.Join(os.Args[1:], " "))
	defer C.free(unsafe.Pointer(text))
	counted := C.count_words(text)
	defer C.free(unsafe.Pointer(counted))
	fmt.Println("counted:", C.GoString(counted))
}
