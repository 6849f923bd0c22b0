package main

import (
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/org/zscalermcp"
)

// reloadOnHangup makes the server read its key files again at each SIGHUP. The returned function ends that.
func reloadOnHangup(server *zscalermcp.Server, log *slog.Logger) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	var done sync.WaitGroup
	done.Go(func() {
		for range hangups {
			if err := server.Reload(); err != nil {
				log.Error("SIGHUP: not reloaded, what was read before stays in force", "error", err)
				continue
			}
			log.Info("SIGHUP: reloaded")
		}
	})
	return func() {
		signal.Stop(hangups)
		close(hangups)
		done.Wait()
	}
}
