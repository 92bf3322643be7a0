#include "adapters/center_http/http_endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace switchboard::center {
namespace {

bool is_port(std::string_view text) {
  int port = 0;
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), port);
  return err == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

}  // namespace

std::string http_endpoint::authority() const {
  auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  bool usual = port == (tls ? "443" : "80");
  return usual ? name : name + ":" + port;
}

result<http_endpoint> parse_endpoint(std::string_view url) {
  http_endpoint out;
  auto wrong = [](const char* why) { return fail(errc::invalid_argument, why); };
  if (url.starts_with("https://")) {
    out.tls = true;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else {
    return wrong("expected http:// or https://");
  }
  if (url.find_first_of("@?# ") != std::string_view::npos) {
    return wrong("expected only host, port and path");
  }
  auto slash = std::min(url.find('/'), url.size());
  auto place = url.substr(0, slash);
  out.prefix = url.substr(slash);
  while (out.prefix.ends_with('/')) out.prefix.pop_back();
  out.port = out.tls ? "443" : "80";
  auto bracket = place.starts_with('[') ? place.find(']') : std::string_view::npos;
  auto host_end = bracket != std::string_view::npos ? bracket + 1 : place.find(':');
  host_end = std::min(host_end, place.size());
  auto after = place.substr(host_end);
  if (!after.empty()) {
    if (after[0] != ':' || !is_port(after.substr(1)))
      return wrong("expected a port after the host");
    out.port = after.substr(1);
  }
  auto host = place.substr(0, host_end);
  if (bracket != std::string_view::npos) host = host.substr(1, host.size() - 2);
  if (!is_host(host)) return wrong("expected a host");
  out.host = host;
  return out;
}

}  // namespace switchboard::center
