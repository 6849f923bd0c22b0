package store_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/org/zscalermcp/store"
)

// A token that may be used once: it is sealed for the client, and a mark in the store spends it.
func Example() {
	ring, err := store.NewKeyring(store.GenerateKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	marks := store.NewMemory(store.MemoryConfig{})
	defer marks.Close()

	token, err := ring.Seal("confirmation", []byte("delete label 7"), []byte("alice"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		what, err := ring.Open("confirmation", token, []byte("alice"))
		if err != nil {
			fmt.Println(err)
			return
		}
		spent := hex.EncodeToString(ring.MAC("spent", []byte(token)))
		err = marks.Create(context.Background(), spent, nil, 5*time.Minute)
		fmt.Printf("%s: spent before: %v\n", what, errors.Is(err, store.ErrExists))
	}
	// Output:
	// delete label 7: spent before: false
	// delete label 7: spent before: true
}
