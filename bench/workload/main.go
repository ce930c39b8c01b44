// Workload inserts, sorts and aggregates in SQLite, as often as it is told, in as many threads.
//
//	workload THREADS ROWS
//
// Each thread has an in-memory database of its own, so what is measured is the C inside: SQLite as it was
// compiled, and libc's allocator, string functions and locks. The work is the same in every run. It prints
// the seconds it took by the clock and by the CPU (user and system), the peak of its memory in KiB, and
// a sum over all answers, which must not depend on how the program was built.
package main

import (
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

// words are what the texts are made of.
var words = strings.Fields(`the quick brown fox jumps over a lazy dog while static binaries start on
	every empty machine and nobody asks which C library was there before them`)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: workload THREADS ROWS"))
	}
	threads, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fail(err)
	}
	rows, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail(err)
	}
	start := time.Now()
	sums := make([]int64, threads)
	var group sync.WaitGroup
	for i := range threads {
		group.Add(1)
		go func() {
			defer group.Done()
			runtime.LockOSThread()
			sum, err := work(rows, uint64(i+1))
			if err != nil {
				fail(err)
			}
			sums[i] = sum
		}()
	}
	group.Wait()
	wall := time.Since(start)
	var total int64
	for _, sum := range sums {
		total += sum
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		fail(err)
	}
	cpu := time.Duration(used.Utime.Nano() + used.Stime.Nano())
	fmt.Printf("%.4f %.4f %d %d\n", wall.Seconds(), cpu.Seconds(), peak(), total)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "workload:", err)
	os.Exit(1)
}

// peak is the most memory that was ever resident, in KiB. The kernel's ru_maxrss would count what
// the process held before its exec.
func peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		fail(err)
	}
	return kib
}

// work does one thread's share and returns a sum over its answers.
func work(rows int, seed uint64) (int64, error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would open a database of its own
	if err := insert(db, rows, seed); err != nil {
		return 0, err
	}
	sorted, err := sum(db, `SELECT length(text), amount FROM entries ORDER BY text, amount DESC`)
	if err != nil {
		return 0, err
	}
	grouped, err := sum(db, `SELECT count(*), sum(amount) + length(group_concat(upper(substr(text, 1, 20)), '-'))
		FROM entries GROUP BY account ORDER BY 2`)
	if err != nil {
		return 0, err
	}
	found, err := sum(db, `SELECT a.amount, length(replace(b.text, 'static', 'free')) FROM entries a
		JOIN entries b ON b.id = a.amount WHERE b.text LIKE '%static%empty%'`)
	return sorted + grouped + found, err
}

func insert(db *sql.DB, rows int, seed uint64) error {
	_, err := db.Exec(`CREATE TABLE entries (id INTEGER PRIMARY KEY, account TEXT, text TEXT, amount INTEGER);
		CREATE INDEX by_account ON entries (account, amount)`)
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	statement, err := tx.Prepare("INSERT INTO entries (account, text, amount) VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	// splitmix64: the same rows in every run, whatever Go's own generators become.
	next := func(below int) int {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return int((z ^ z>>31) % uint64(below))
	}
	var text []byte
	for range rows {
		text = text[:0]
		for range 4 + next(20) {
			text = append(append(text, words[next(len(words))]...), ' ')
		}
		account := "account-" + strconv.Itoa(next(rows/50+1))
		if _, err := statement.Exec(account, string(text), next(rows)+1); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// sum adds up the two numbers of each row, the later rows weighing more, so that order matters.
func sum(db *sql.DB, query string) (int64, error) {
	rows, err := db.Query(query)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var total, weight int64
	for rows.Next() {
		var first, second int64
		if err := rows.Scan(&first, &second); err != nil {
			return 0, err
		}
		weight++
		total += (first + second) * (weight%97 + 1)
	}
	return total, rows.Err()
}
