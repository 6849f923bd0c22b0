package redisstore

import (
	"sync"

	"github.com/redis/go-redis/v9/logging"
)

// Quiet switches off what the client library prints to stderr by itself, in this whole process, for programs whose log has a form. Nothing is lost: whatever
// fails is in an error. It must be called before the first [New].
func Quiet() { quiet() }

var quiet = sync.OnceFunc(logging.Disable)
