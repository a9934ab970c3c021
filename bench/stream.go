package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// feed is an open user stream.
type feed struct {
	ws      *websocket.Conn
	updates atomic.Int64
	last    atomic.Int64 // when the newest update came, UnixNano
	arrived chan struct{}
	ended   chan error
}

// listen opens the user stream as clients do, over one WebSocket.
func (h *home) listen(u *user) (*feed, error) {
	dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) { return net.Dial("tcp", h.addr) }, HandshakeTimeout: 10 * time.Second}
	ws, _, err := dialer.Dial("ws://"+homeHost+"/api/v1/streaming?stream=user&access_token="+u.token, nil)
	if err != nil {
		return nil, fmt.Errorf("the stream cannot be opened: %w", err)
	}
	f := &feed{ws: ws, arrived: make(chan struct{}, 1), ended: make(chan error, 1)}
	go f.read()
	return f, nil
}

func (f *feed) read() {
	for {
		_, message, err := f.ws.ReadMessage()
		if err != nil {
			f.ended <- err
			return
		}
		if !strings.Contains(string(message[:min(len(message), 200)]), `"event":"update"`) {
			continue
		}
		f.last.Store(time.Now().UnixNano())
		f.updates.Add(1)
		select {
		case f.arrived <- struct{}{}:
		default:
		}
	}
}

// await waits until n updates came since the stream was opened.
func (f *feed) await(ctx context.Context, n int) error {
	deadline := time.After(patience)
	for f.updates.Load() < int64(n) {
		select {
		case <-f.arrived:
		case err := <-f.ended:
			return fmt.Errorf("the stream ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("%d of %d updates came by the stream within %v", f.updates.Load(), n, patience)
		}
	}
	return nil
}

func (f *feed) close() { _ = f.ws.Close() }
