#include <cmath>
#include <string>

#include "runtime/cel/number_text.hpp"
#include "runtime/cel/text_functions.hpp"
#include "runtime/cel/time_text.hpp"
#include "runtime/cel/value.hpp"

namespace switchboard::cel {

namespace {

/// Writes CEL text until the limit. Shared parts can make a small value endless in print.
class printer {
 public:
  explicit printer(std::size_t limit) : limit_{limit} {}

  void print(const value& v, int depth = 0) {
    if (out_.size() > limit_ || depth > 64) return put("...");
    switch (v.which()) {
      case kind::null:
        return put("null");
      case kind::boolean:
        return put(v.as_bool() ? "true" : "false");
      case kind::integer:
        return put(std::to_string(v.as_int()));
      case kind::unsigned_integer:
        return put(std::to_string(v.as_uint()) + 'u');
      case kind::real:
        return print_double(v.as_double());
      case kind::timestamp:
        return put("timestamp(\"" + format_timestamp(v.as_timestamp()) + "\")");
      case kind::duration:
        return put("duration(\"" + format_duration(v.as_duration()) + "\")");
      case kind::type:
        return put(name_of(v.as_type()));
      case kind::string:
        return put(quoted(v.as_text().substr(0, limit_)));
      case kind::bytes:
        return print_bytes(v.as_text().substr(0, limit_));
      case kind::list:
        return print_list(v, depth);
      case kind::map:
        return print_map(v, depth);
      case kind::error:
        return put("error: " + std::string{v.error_message()});
    }
  }

  std::string take() {
    if (out_.size() > limit_) out_.resize(limit_);
    return std::move(out_);
  }

 private:
  void put(std::string_view text) {
    if (out_.size() <= limit_) out_ += text;
  }

  void print_double(double d) {
    const auto text = format_double(d);
    if (!std::isfinite(d)) return put("double(\"" + text + "\")");
    put(text);
    if (text.find_first_of(".e") == std::string::npos) put(".0");
  }

  void print_bytes(std::string_view octets) {
    static constexpr char hex[] = "0123456789abcdef";
    put("b\"");
    for (const char c : octets) {
      const auto u = static_cast<unsigned char>(c);
      if (u >= 0x20 && u < 0x7F && c != '"' && c != '\\') {
        put({&c, 1});
      } else {
        put(std::string{'\\', 'x', hex[u >> 4], hex[u & 15]});
      }
    }
    put("\"");
  }

  void print_list(const value& v, int depth) {
    put("[");
    std::string_view between;
    for (const auto& item : v.as_list()) {
      put(between);
      print(item, depth + 1);
      between = ", ";
      if (out_.size() > limit_) return;
    }
    put("]");
  }

  void print_map(const value& v, int depth) {
    put("{");
    std::string_view between;
    for (const auto& [key, item] : v.map_entries()) {
      put(between);
      print(key, depth + 1);
      put(": ");
      print(item, depth + 1);
      between = ", ";
      if (out_.size() > limit_) return;
    }
    put("}");
  }

  std::size_t limit_;
  std::string out_;
};

}  // namespace

std::string value::to_string(std::size_t limit) const {
  printer p{limit};
  p.print(*this);
  return p.take();
}

}  // namespace switchboard::cel
