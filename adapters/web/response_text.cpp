#include "adapters/web/response_text.hpp"

#include <string_view>

namespace switchboard::web {
namespace {

std::string_view reason_of(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

/// A value with a line end would begin a header of its own.
bool one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void add(std::string& out, std::string_view name, std::string_view value) {
  if (!one_line(name) || !one_line(value)) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string text_of(const response& what, framing how) {
  std::string out = "HTTP/1.1 " + std::to_string(what.status) + ' ';
  out.append(reason_of(what.status)).append("\r\n");
  if (!what.content_type.empty()) add(out, "Content-Type", what.content_type);
  add(out, "Content-Length", std::to_string(what.body.size()));
  add(out, "Cache-Control", "no-store");
  add(out, "X-Content-Type-Options", "nosniff");
  if (!how.keep_alive)
    add(out, "Connection", "close");
  else if (how.version < 11)
    add(out, "Connection", "keep-alive");
  for (auto& [name, value] : what.headers) add(out, name, value);
  out += "\r\n";
  if (!how.head_only) out += what.body;
  return out;
}

}  // namespace switchboard::web
