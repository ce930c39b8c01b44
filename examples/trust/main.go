// Trust asks a server of its own over TLS, through no network at all, and mixes C into the answer:
// net/http, crypto/x509 and cgo in one program.
package main

/*
#include <math.h>
#include <pthread.h>
#include <stddef.h>

static void *work(void *value) {
	*(double *)value = sqrt(*(double *)value);
	return NULL;
}

static double root(double value) {
	pthread_t thread;
	if (pthread_create(&thread, NULL, work, &value) != 0) {
		return -1;
	}
	pthread_join(thread, NULL);
	return value;
}

#cgo LDFLAGS: -lm -lpthread
*/
import "C"

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"
)

const name = "trust.example"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "trust:", err)
		os.Exit(1)
	}
}

func run() error {
	certificate, err := certify()
	if err != nil {
		return err
	}
	pipes := make(listener)
	server := &http.Server{
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
		ErrorLog:  log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "the root of 1764 is %.0f", float64(C.root(1764)))
		}),
	}
	go server.ServeTLS(pipes, "", "")
	trusted := x509.NewCertPool()
	trusted.AddCert(certificate.Leaf)
	known, err := ask(pipes, trusted)
	if err != nil {
		return err
	}
	if _, err := ask(pipes, nil); err == nil {
		return errors.New("a certificate that the system does not know was trusted")
	}
	fmt.Println(known + "; a stranger is not trusted")
	return nil
}

// ask gets the server's answer; without pool, the system's certificates are trusted.
func ask(pipes listener, pool *x509.CertPool) (string, error) {
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool},
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			pipes <- there
			return here, nil
		},
	}}
	response, err := client.Get("https://" + name + "/")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func certify() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// A listener is the far ends of pipes.
type listener chan net.Conn

func (l listener) Accept() (net.Conn, error) { return <-l, nil }
func (l listener) Close() error              { return nil }
func (l listener) Addr() net.Addr            { return &net.TCPAddr{} }
