#include "adapters/web/request_reader.hpp"

#include <algorithm>
#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace switchboard::web {

namespace http = boost::beast::http;
using boost::system::error_code;

struct request_reader::parser {
  http::request_parser<http::string_body> http;
};

namespace {

/// Chunks, their extensions and trailers cost bytes that are no body.
constexpr std::size_t most_overhead = 4;

std::string lower(boost::beast::string_view text) {
  std::string out(text.data(), text.size());
  std::ranges::transform(out, out.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return out;
}

/// The path and query of a target, as a client ("/a?b") or by way of a proxy ("http://host/a?b")
/// says it.
bool split_target(std::string_view target, request& into) {
  if (target.starts_with("http://")) {
    target.remove_prefix(7);
    auto slash = target.find('/');
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  if (target.empty() || target.front() != '/') return false;
  target = target.substr(0, target.find('#'));
  auto question = target.find('?');
  into.path = target.substr(0, question);
  if (question != std::string_view::npos) into.query = target.substr(question + 1);
  return true;
}

unsigned status_of(const error_code& ec) {
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) return 431;
  if (ec == http::error::body_limit) return 413;
  if (ec == http::error::bad_version) return 505;
  return 400;
}

}  // namespace

request_reader::request_reader(limits l) : limits_(l) {
  renew();
}
request_reader::~request_reader() = default;

void request_reader::renew() {
  parser_ = std::make_unique<parser>();
  parser_->http.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser_->http.body_limit(limits_.body_bytes);
  parser_->http.eager(true);
  parsed_ = 0;
}

bool request_reader::begun() const {
  return parsed_ > 0 || !buffer_.empty();
}

bool request_reader::header_done() const {
  return parser_->http.is_header_done();
}

request_reader::state request_reader::refuse(unsigned status, std::string why) {
  status_ = status;
  why_ = std::move(why);
  return state::bad;
}

request_reader::state request_reader::read(std::string_view bytes) {
  if (status_ != 0) return state::bad;
  buffer_.append(bytes);
  auto& p = parser_->http;
  // The parser would take an empty line before a request for a bad one; the standard says to pass
  // over it.
  if (parsed_ == 0) buffer_.erase(0, std::min(buffer_.find_first_not_of("\r\n"), buffer_.size()));
  error_code ec;
  std::size_t at = 0;
  while (at < buffer_.size() && !p.is_done()) {
    ec = {};
    auto used = p.put(boost::asio::buffer(buffer_.data() + at, buffer_.size() - at), ec);
    at += used;
    parsed_ += used;
    if (ec && ec != http::error::need_more) return refuse(status_of(ec), ec.message());
    if (p.is_header_done() && parsed_ > limits_.header_bytes + most_overhead * limits_.body_bytes)
      return refuse(413, "the body is too long");
    if (ec || used == 0) break;
  }
  buffer_.erase(0, at);
  if (p.is_done()) return judge();
  const auto room =
      p.is_header_done() ? limits_.header_bytes + limits_.body_bytes : limits_.header_bytes;
  if (buffer_.size() > room) return refuse(p.is_header_done() ? 413 : 431, "too long");
  return state::more;
}

/// What the parser lets pass and the standard does not.
request_reader::state request_reader::judge() {
  auto& message = parser_->http.get();
  version_ = message.version();
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && version_ >= 11)) return refuse(400, "expected one host");
  request probe;
  auto target = message.target();
  if (!split_target({target.data(), target.size()}, probe))
    return refuse(400, "the target is no path");
  return state::complete;
}

request request_reader::take() {
  auto& message = parser_->http.get();
  request out;
  auto method = message.method_string();
  out.method.assign(method.data(), method.size());
  auto target = message.target();
  split_target({target.data(), target.size()}, out);
  for (auto& field : message) {
    out.headers.emplace_back(lower(field.name_string()),
                             std::string(field.value().data(), field.value().size()));
  }
  out.body = std::move(message.body());
  keep_alive_ = message.keep_alive();
  renew();
  return out;
}

}  // namespace switchboard::web
