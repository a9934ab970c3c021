package socket

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Pings are answered with what they carry, pings and pongs put the end off, and
// a stream that was stopped sends nothing more.
func TestKeepAlive(t *testing.T) {
	pongs := make(chan string, 2)
	up := websocket.Upgrader{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetPongHandler(func(data string) error { pongs <- data; return nil })
		_ = conn.WriteControl(websocket.PingMessage, []byte("well?"), time.Now().Add(writeTime))
		_ = conn.WriteMessage(websocket.TextMessage, []byte("x"))
		_, _, _ = conn.ReadMessage()
	}))
	defer s.Close()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := KeepAlive(conn)
	_ = conn.SetReadDeadline(time.Now().Add(-time.Second)) // over, but for
	Alive(conn)                                            // a sign of life
	if _, data, err := conn.ReadMessage(); err != nil || string(data) != "x" {
		t.Fatalf("%q %v", data, err)
	}
	if got := <-pongs; got != "well?" {
		t.Errorf("pong %q", got)
	}
	stop()
	conn.Close()
}
