#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/web/web_message.hpp"

namespace switchboard::web {

/// Which handler serves a method and a path. Filled before the listener starts, only read after:
/// then thread-safe.
class router {
 public:
  /// `path` is a whole one, or ends in "/*" and serves everything below. HEAD is served by what
  /// serves GET.
  void add(std::string method, std::string path, handler h);

  struct found {
    /// Null where nobody serves it; then `status` says why: 404 or 405, with `allowed` as the
    /// header has it.
    const handler* call = nullptr;
    unsigned status = 200;
    std::string allowed;
  };
  /// A whole path goes before the longest one that serves it from above.
  found find(std::string_view method, std::string_view path) const;

 private:
  using methods = std::map<std::string, handler, std::less<>>;
  const methods* row_of(std::string_view path) const;

  std::map<std::string, methods, std::less<>> paths_;
};

}  // namespace switchboard::web
