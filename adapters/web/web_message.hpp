#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::web {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// A request as it came, whole, within the listener's bounds.
struct request {
  /// "GET", in capitals.
  std::string method;
  /// "/metrics": begins with a slash, as it was written, without the query.
  std::string path;
  /// Behind the question mark.
  std::string query;
  /// Names in small letters, in the order they came.
  header_list headers;
  std::string body;
  /// Without the port.
  std::string remote_address;

  /// The first of that name (in small letters); empty where there is none.
  std::string_view header(std::string_view name) const {
    for (auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

struct response {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  /// Besides length, type, connection and what every answer says of caching and sniffing. Neither
  /// names nor values hold line ends: one that does is left out.
  header_list headers;
};

/// A line of text.
inline response plain(unsigned status, std::string text) {
  response out;
  out.status = status;
  out.body = std::move(text) + '\n';
  return out;
}

/// Takes the answer to one request, once, from any thread; a second one, and one that comes too
/// late, is dropped.
using answer = std::function<void(response)>;
/// Serves one path. Called on the listener's thread, which it must not hold up: what takes long
/// goes elsewhere (side_worker), and answers from there. The request is valid during the call.
using handler = std::function<void(const request&, const answer&)>;

}  // namespace switchboard::web
