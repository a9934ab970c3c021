package media

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"engawa/internal/limits"
)

// bounded is a child process in a group of its own, which ends with ctx, and
// which the system bounds in memory, processor time and size of files.
func bounded(ctx context.Context, most time.Duration, program string, args []string) *exec.Cmd {
	limit := fmt.Sprintf("ulimit -v %d; ulimit -t %d; ulimit -f %d; ulimit -c 0; exec nice -n 10 \"$@\"",
		limits.ClipMemory/1024, int(most/time.Second), 2*limits.ClipBytes/512)
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", limit, "sh", program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}
