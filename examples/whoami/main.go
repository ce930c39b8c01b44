// Whoami says who runs it and which addresses this machine has. A plain `go build` with a C
// compiler on PATH makes it dynamic: net and os/user then use libc.
package main

import (
	"fmt"
	"net"
	"os/user"
)

func main() {
	if current, err := user.Current(); err == nil {
		fmt.Printf("user %s (%s)\n", current.Username, current.Uid)
	} else {
		fmt.Println("user unknown:", err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		fmt.Println("addresses unknown:", err)
	}
	for _, address := range addresses {
		fmt.Println("address", address)
	}
}
