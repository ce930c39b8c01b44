// Notes keeps notes in a SQLite database: a small program that needs C.
//
//	notes add buy oat milk
//	notes list
//	notes search milk
//
// The database is $NOTES_DB, else notes.db in the current folder.
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

const usage = `usage:
  notes add TEXT...      keep a note
  notes list             print all notes, oldest first
  notes search WORD...   print the notes that hold every word
  notes today            print the date that SQLite has
  notes version          print SQLite's version`

var errUsage = errors.New(usage)

func main() {
	err := run(os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "notes:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "version":
		return answer(out, "notes, with SQLite", "sqlite_version()")
	case "today":
		return answer(out, "today is", "date()")
	}
	db, err := open()
	if err != nil {
		return err
	}
	defer db.Close()
	switch verb, words := args[0], args[1:]; {
	case verb == "add" && len(words) > 0:
		return add(db, out, strings.Join(words, " "))
	case verb == "list" && len(words) == 0:
		return list(db, out, nil)
	case verb == "search" && len(words) > 0:
		return list(db, out, words)
	}
	return errUsage
}

// answer prints what SQLite makes of an expression, without a database file.
func answer(out io.Writer, words, expression string) error {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	var value string
	if err := db.QueryRow("SELECT " + expression).Scan(&value); err != nil {
		return err
	}
	fmt.Fprintln(out, words, value)
	return nil
}

func open() (*sql.DB, error) {
	path := os.Getenv("NOTES_DB")
	if path == "" {
		path = "notes.db"
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(`CREATE TABLE IF NOT EXISTS notes (
		id      INTEGER PRIMARY KEY,
		written TEXT NOT NULL,
		text    TEXT NOT NULL
	)`)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	return db, nil
}

func add(db *sql.DB, out io.Writer, text string) error {
	result, err := db.Exec("INSERT INTO notes (written, text) VALUES (?, ?)",
		time.Now().UTC().Format(time.RFC3339), text)
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "kept as note %d\n", id)
	return nil
}

func list(db *sql.DB, out io.Writer, words []string) error {
	query := "SELECT id, written, text FROM notes"
	var values []any
	for i, word := range words {
		join := " AND "
		if i == 0 {
			join = " WHERE "
		}
		query += join + `text LIKE ? ESCAPE '\'`
		values = append(values, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
	}
	rows, err := db.Query(query+" ORDER BY id", values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var written, text string
		if err := rows.Scan(&id, &written, &text); err != nil {
			return err
		}
		fmt.Fprintf(out, "%4d  %s  %s\n", id, written, text)
	}
	return rows.Err()
}
