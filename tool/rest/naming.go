package rest

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/org/zscalermcp/zscaler"
)

// exceptions holds the wire names that the rule of [Camel] misses: acronyms, and the API's own
// spelling. It is never modified.
var exceptions = map[string]string{
	"surrogate_ip": "surrogateIP",
	"surrogate_ip_enforced_for_known_browsers": "surrogateIPEnforcedForKnownBrowsers",
	"start_ip_address":                         "startIPAddress",
	"end_ip_address":                           "endIPAddress",
	"routable_ip":                              "routableIP",
	"ipv6_enabled":                             "ipV6Enabled",
	"capture_pcap":                             "capturePCAP",
	"min_tls_version":                          "minTLSVersion",
	"min_client_tls_version":                   "minClientTLSVersion",
	"min_server_tls_version":                   "minServerTLSVersion",
	"predefined_adp_controls":                  "predefinedADPControls",
	"pac_with_static_ips":                      "pacWithStaticIPs",
	"primary_gw":                               "primaryGW",
	"secondary_gw":                             "secondaryGW",
	"tun_id":                                   "tunID",
	"is_incomplete_dr_config":                  "isIncompleteDRConfig",
	"valid_ssl_certificate":                    "validSSLCertificate",
	"ec_vms":                                   "ecVMs",
	"show_eun":                                 "showEUN",
	"show_eunatp":                              "showEUNATP",
	"enable_cipa_compliance":                   "enableCIPACompliance",
	"enable_poe_prompt":                        "enablePOEPrompt",
	"cookie_stealing_pcap_enabled":             "cookieStealingPCAPEnabled",
	"enable_ipv6_dns_resolution_on_transparent_proxy":                "enableIPv6DnsResolutionOnTransparentProxy",
	"enable_ipv6_dns_optimization_on_all_transparent_proxy":          "enableIPv6DnsOptimizationOnAllTransparentProxy",
	"enable_evaluate_policy_on_global_ssl_bypass":                    "enableEvaluatePolicyOnGlobalSSLBypass",
	"dns_resolution_on_transparent_proxy_ipv6_apps":                  "dnsResolutionOnTransparentProxyIPv6Apps",
	"dns_resolution_on_transparent_proxy_ipv6_exempt_apps":           "dnsResolutionOnTransparentProxyIPv6ExemptApps",
	"dns_resolution_on_transparent_proxy_ipv6_url_categories":        "dnsResolutionOnTransparentProxyIPv6UrlCategories",
	"dns_resolution_on_transparent_proxy_ipv6_exempt_url_categories": "dnsResolutionOnTransparentProxyIPv6ExemptUrlCategories",
	"end_point_dlp_log_type":                                         "endPointDLPLogType",
	"email_dlp_log_type":                                             "emailDLPLogType",
	"extranet_dns_list":                                              "extranetDNSList",
	"primary_dns_server":                                             "primaryDNSServer",
	"secondary_dns_server":                                           "secondaryDNSServer",
	"bundle_id":                                                      "bundleID",
	"mod_uid":                                                        "modUId",
	"server_group_dtos":                                              "serverGroupDTOs",
	"extranet_dto":                                                   "extranetDTO",
	"location_group_dto":                                             "locationGroupDTO",
	"location_dto":                                                   "locationDTO",
	"runtime_os":                                                     "runtimeOS",
	"default_csp":                                                    "defaultCSP",
	"re_auth_timeout":                                                "reauthTimeout",
	"re_auth_idle_timeout":                                           "reauthIdleTimeout",
	"dynamic_location_groups":                                        "dynamiclocationGroups",
	"eci":                                                            "ECI",
	"mcc":                                                            "MCC",
	"mnc":                                                            "MNC",
	"tac":                                                            "TAC",
}

// Camel returns the wire name of a snake_case name: the first word in lower case, each later one
// capitalised, but for the names that the API spells otherwise. A name without underscore is the wire
// name already.
func Camel(name string) string {
	if wire, ok := exceptions[name]; ok {
		return wire
	}
	if !strings.Contains(name, "_") {
		return name
	}
	var b strings.Builder
	for i, word := range strings.Split(name, "_") {
		word = strings.ToLower(word)
		if i > 0 && word != "" {
			initial, size := utf8.DecodeRuneInString(word)
			b.WriteRune(unicode.ToUpper(initial))
			word = word[size:]
		}
		b.WriteString(word)
	}
	return b.String()
}

// maxDepth bounds the nesting of values whose keys are renamed.
const maxDepth = 32

// camelKeys renames the keys at every depth of a JSON value; all else stays byte for byte.
func camelKeys(raw json.RawMessage) (json.RawMessage, error) { return renameKeys(raw, maxDepth) }

func renameKeys(raw json.RawMessage, depth int) (json.RawMessage, error) {
	kind := first(raw)
	if kind != '{' && kind != '[' {
		return raw, nil
	}
	if depth == 0 {
		return nil, errors.New("is nested too deeply")
	}
	if kind == '[' {
		return renameItems(raw, depth)
	}
	object, err := decodeObject(raw)
	if err != nil {
		return nil, err
	}
	renamed := make(map[string]json.RawMessage, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value, err := renameKeys(object[name], depth-1)
		if err != nil {
			return nil, err
		}
		wire := Camel(name)
		if other, twice := renamed[wire]; twice && !sameJSON(other, value) {
			return nil, givenTwice(wire)
		}
		renamed[wire] = value
	}
	return encodeObject(renamed), nil
}

func renameItems(raw json.RawMessage, depth int) (json.RawMessage, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, err
	}
	for i, item := range items {
		var err error
		if items[i], err = renameKeys(item, depth-1); err != nil {
			return nil, err
		}
	}
	return encodeList(items), nil
}

// snakeOnWire reports whether the service's own names are snake_case, so that none are renamed.
func snakeOnWire(service zscaler.Service) bool {
	return service == zscaler.ZDX || service == zscaler.ZEASM
}
