// Package socket keeps WebSockets of other servers alive and notices when they
// are dead.
package socket

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The times of a stream.
const (
	// Silence is how long the other side may be silent, to pings too.
	Silence = 100 * time.Second
	// PingEvery is how often it is asked for a sign of life.
	PingEvery = 30 * time.Second
	// writeTime bounds the writing of one control frame.
	writeTime = 10 * time.Second
)

// KeepAlive sends a ping now and then and takes pings and pongs as signs of
// life; who reads messages calls Alive for each. The result ends it. Nothing
// here writes but control frames.
func KeepAlive(conn *websocket.Conn) (stop func()) {
	Alive(conn)
	conn.SetPongHandler(func(string) error { Alive(conn); return nil })
	conn.SetPingHandler(func(data string) error {
		Alive(conn)
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTime))
		return nil
	})
	var (
		mu    sync.Mutex
		timer *time.Timer // nil when it is over
	)
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(PingEvery, func() {
		err := conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTime))
		mu.Lock()
		defer mu.Unlock()
		if err == nil && timer != nil {
			timer.Reset(PingEvery)
		}
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		timer.Stop()
		timer = nil
	}
}

// Alive says that the other side has just been heard. To be called by who reads.
func Alive(conn *websocket.Conn) { _ = conn.SetReadDeadline(time.Now().Add(Silence)) }
