// Evaluates Sensor templates and EventSource filters as argo-events 1.9.10 does, with the library versions of its go.mod, so that they can
// be tried without a cluster: see pkg/sensors/triggers/params.go (getValueWithTemplate) and pkg/eventsources/eventing.go (filterEvent).
//
// Standard input has one JSON object for each case: {"templates": [...], "filter": "...", "data": "the event's JSON"}. Standard output has
// one for each, in the same order: {"values": [...], "passes": true, "errors": [...]}.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/antonmedv/expr"
	"github.com/tidwall/gjson"
)

type question struct {
	Templates []string `json:"templates"`
	Filter    string   `json:"filter"`
	Data      string   `json:"data"`
}

type answer struct {
	Values []string `json:"values"`
	Passes bool     `json:"passes"`
	Errors []string `json:"errors"`
}

func main() {
	if err := run(json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in *json.Decoder, out *json.Encoder) error {
	for {
		var asked question
		if err := in.Decode(&asked); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := out.Encode(respond(asked)); err != nil {
			return err
		}
	}
}

func respond(asked question) answer {
	found := answer{Values: []string{}, Errors: []string{}}
	for _, text := range asked.Templates {
		value, err := evaluate(text, asked.Data)
		if err != nil {
			found.Errors = append(found.Errors, err.Error())
		}
		found.Values = append(found.Values, value)
	}
	passes, err := filter(asked.Filter, asked.Data)
	if err != nil {
		found.Errors = append(found.Errors, "filter: "+err.Error())
	}
	found.Passes = passes
	return found
}

func evaluate(text, data string) (string, error) {
	parsed, err := template.New("param").Funcs(sprig.FuncMap()).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := parsed.Execute(&out, map[string]any{"Input": gjson.Parse(data).Value()}); err != nil {
		return "", err
	}
	return out.String(), nil
}

func filter(expression, data string) (bool, error) {
	env := map[string]any{}
	if err := json.Unmarshal([]byte(data), &env); err != nil {
		return false, err
	}
	value, err := expr.Eval(expression, env)
	if err != nil {
		return false, err
	}
	passes, isBool := value.(bool)
	if !isBool {
		return false, fmt.Errorf("%v is neither true nor false", value)
	}
	return passes, nil
}
