// Starts the Collector beside it. First it sets damaged queue files aside, because some kinds of damage crash the
// Collector at each start, which `recreate` of the file storage does not catch.
//
//	otelcol-start ARGUMENTS OF THE COLLECTOR
//
// COLLECTOR_QUEUE_DIR names the folder. A file is checked in a process of its own: damage may end that process by a
// signal, which Go cannot recover from. A file that another Collector uses stays where it is.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

const (
	collector     = "otelcol-rag"
	defaultFolder = "/var/lib/otelcol/queue"
	setAsideMark  = ".damaged-"
	checkFlag     = "--check-queue-file"
	inUse         = 3
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == checkFlag {
		os.Exit(report(check(os.Args[2])))
	}
	self, err := os.Executable()
	if err != nil {
		fail("the path of this program is unknown", err)
	}
	folder := os.Getenv("COLLECTOR_QUEUE_DIR")
	if folder == "" {
		folder = defaultFolder
	}
	// Commands such as `validate` leave the queue alone.
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "-") {
		setDamagedAside(self, folder)
	}
	program := filepath.Join(filepath.Dir(self), collector)
	err = syscall.Exec(program, append([]string{program}, os.Args[1:]...), os.Environ())
	fail("the Collector does not start: "+program, err)
}

func setDamagedAside(self string, folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		// The Collector creates the folder, or reports why it cannot.
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		if !isQueue(name) {
			continue
		}
		path := filepath.Join(folder, name)
		damage, damaged := damageOf(self, path)
		if !damaged {
			continue
		}
		aside := path + setAsideMark + time.Now().UTC().Format("20060102T150405.000000")
		if err := os.Rename(path, aside); err != nil {
			fail("a damaged queue file cannot be set aside: "+path, err)
		}
		write("error", "a damaged queue file is set aside; its telemetry was not delivered", map[string]string{
			"file": path, "set_aside": aside, "damage": damage,
		})
	}
}

// The file storage names a file after its component: exporter_otlp_http_tempo_traces.
func isQueue(name string) bool {
	return strings.HasPrefix(name, "exporter_") && !strings.Contains(name, setAsideMark)
}

func damageOf(self string, path string) (string, bool) {
	output, err := exec.Command(self, checkFlag, path).CombinedOutput()
	var exit *exec.ExitError
	if err == nil || (errors.As(err, &exit) && exit.ExitCode() == inUse) {
		return "", false
	}
	// The first line: a crash prints the stacks of all goroutines after it.
	line, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	return line, true
}

func check(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	if info.Size() == 0 {
		return errors.New("empty")
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		for damage := range tx.Check() {
			return damage
		}
		return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(_, _ []byte) error { return nil })
		})
	})
}

func report(err error) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, bolterrors.ErrTimeout) {
		return inUse
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func fail(message string, err error) {
	write("error", message, map[string]string{"error": err.Error()})
	os.Exit(1)
}

// Lines like those of the Collector.
func write(level string, message string, fields map[string]string) {
	line := map[string]string{"level": level, "ts": time.Now().UTC().Format(time.RFC3339Nano), "msg": message}
	for name, value := range fields {
		line[name] = value
	}
	text, _ := json.Marshal(line)
	fmt.Fprintln(os.Stderr, string(text))
}
