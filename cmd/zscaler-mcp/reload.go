package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/org/zscalermcp"
)

// lookEvery is the time between two looks at the file of variables.
const lookEvery = time.Second

// reloadWhenAsked makes the server read its files again, and the file of variables, at each SIGHUP and when the latter has changed: Windows has no
// SIGHUP, and in a container nobody sends one. The returned function ends that.
func (p *program) reloadWhenAsked(server *zscalermcp.Server, log *slog.Logger) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	changes := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	if p.vars.files != nil {
		done.Go(func() {
			p.vars.files.Run(ctx, lookEvery, func() {
				select {
				case changes <- struct{}{}:
				default: // one reload is due already
				}
			})
		})
	}
	done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				p.reload(server, log, "SIGHUP")
			case <-changes:
				p.reload(server, log, "the variables file has changed")
			}
		}
	})
	return func() {
		signal.Stop(hangups)
		cancel()
		done.Wait()
	}
}

// reload reads the file of variables again, and then has the server read its files and look up what it can take while it runs. A mistake in one
// of them does not keep the others from being read.
func (p *program) reload(server *zscalermcp.Server, log *slog.Logger, why string) {
	waiting, err := p.vars.reread()
	if err != nil {
		log.Error(why+": the variables file is not taken, its values of before stay in force", "error", err)
	}
	if len(waiting) > 0 {
		log.Warn("these variables are not as they were at the start, and take effect at the next start", "variables", waiting)
	}
	if err := server.Reload(); err != nil { // of the server's own files
		log.Error(why+": reloaded in part; what is wrong stays as it was", "error", err)
		return
	}
	if err != nil {
		log.Info(why + ": reloaded but for the variables file")
		return
	}
	log.Info(why + ": reloaded")
}
