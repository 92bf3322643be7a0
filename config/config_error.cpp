#include "config/config_error.hpp"

#include <algorithm>

namespace switchboard::config {

std::string to_string(const config_error& e) {
  std::string out = e.file;
  if (e.line > 0) out += ":" + std::to_string(e.line);
  if (!out.empty()) out += ": ";
  if (!e.key.empty()) out += e.key + ": ";
  return out + e.message;
}

std::string to_string(const config_errors& errors) {
  std::string out;
  for (const auto& e : errors) out += to_string(e) + "\n";
  return out;
}

void error_list::add(int line, std::string key, std::string message) {
  if (x_errors.size() >= most) {
    ++x_left_out;
    return;
  }
  x_errors.push_back({x_file, line, std::move(key), std::move(message)});
}

config_errors error_list::take() {
  std::stable_sort(x_errors.begin(), x_errors.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  if (x_left_out > 0) {
    x_errors.push_back({x_file, 0, {}, "and " + std::to_string(x_left_out) + " more errors"});
  }
  return std::move(x_errors);
}

}  // namespace switchboard::config
