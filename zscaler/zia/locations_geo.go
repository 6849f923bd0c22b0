package zia

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const regionPath = "/zia/api/v1/region"

type geoSearch struct {
	Action    string  `json:"action" in:"-" enum:"geo_by_coordinates,geo_by_ip,city_prefix_search" jsonschema:"What to look up by: geo_by_coordinates needs latitude and longitude, geo_by_ip needs ip, city_prefix_search needs prefix."`
	Latitude  float64 `json:"latitude,omitempty" in:"query=latitude" jsonschema:"Degrees north, for geo_by_coordinates."`
	Longitude float64 `json:"longitude,omitempty" in:"query=longitude" jsonschema:"Degrees east, for geo_by_coordinates."`
	IP        string  `json:"ip,omitempty" in:"-" jsonschema:"Public address, for geo_by_ip."`
	Prefix    string  `json:"prefix,omitempty" in:"query=prefix" jsonschema:"How the name of the city begins, for city_prefix_search."`
}

var geoTools = []tool.Tool{
	rest.Read[geoSearch]("zia_geo_search", "GET "+regionPath+"/search",
		"Find the city, state and country with their geographical ids and coordinates, by a pair of coordinates, a public address or the beginning of a city's name.",
		rest.List, rest.OnePage, rest.Prepare(chooseGeoSearch)),
}

// chooseGeoSearch plans the look-up that action names. The arguments of the others are dropped.
func chooseGeoSearch(_ context.Context, p *rest.Plan) error {
	switch p.Args.Text("action") {
	case "geo_by_coordinates":
		if !p.Args.Has("latitude") || !p.Args.Has("longitude") {
			return errors.New("geo_by_coordinates needs latitude and longitude")
		}
		query := p.Query
		query.Del("prefix")
		if err := p.ReadOne(regionPath+"/byGeoCoordinates", nil); err != nil {
			return err
		}
		p.Query = query
	case "geo_by_ip":
		if p.Args.Text("ip") == "" {
			return errors.New("geo_by_ip needs ip")
		}
		return p.ReadOne(regionPath+"/byIPAddress/{ip}", map[string]string{"ip": p.Args.Text("ip")})
	default:
		if p.Args.Text("prefix") == "" {
			return errors.New("city_prefix_search needs prefix")
		}
		p.Query.Del("latitude")
		p.Query.Del("longitude")
	}
	return nil
}
