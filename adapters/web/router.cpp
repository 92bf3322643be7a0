#include "adapters/web/router.hpp"

namespace switchboard::web {

void router::add(std::string method, std::string path, handler h) {
  paths_[std::move(path)][std::move(method)] = std::move(h);
}

const router::methods* router::row_of(std::string_view path) const {
  if (auto at = paths_.find(path); at != paths_.end()) return &at->second;
  // "/a/b/c" is served by "/a/b/*", else by "/a/*", else by "/*".
  for (auto slash = path.rfind('/'); slash != std::string_view::npos;
       slash = slash == 0 ? std::string_view::npos : path.rfind('/', slash - 1)) {
    auto at = paths_.find(std::string(path.substr(0, slash)) + "/*");
    if (at != paths_.end()) return &at->second;
  }
  return nullptr;
}

router::found router::find(std::string_view method, std::string_view path) const {
  auto* row = row_of(path);
  if (!row) return {nullptr, 404, {}};
  auto at = row->find(method);
  if (at == row->end() && method == "HEAD") at = row->find("GET");
  if (at != row->end()) return {&at->second, 200, {}};
  std::string allowed;
  for (auto& [name, call] : *row) {
    allowed += (allowed.empty() ? "" : ", ") + name;
    if (name == "GET" && !row->contains("HEAD")) allowed += ", HEAD";
  }
  return {nullptr, 405, std::move(allowed)};
}

}  // namespace switchboard::web
