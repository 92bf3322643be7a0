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
  if (errors_.size() >= most) {
    ++left_out_;
    return;
  }
  errors_.push_back({file_, line, std::move(key), std::move(message)});
}

config_errors error_list::take() {
  std::stable_sort(errors_.begin(), errors_.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  if (left_out_ > 0) {
    errors_.push_back({file_, 0, {}, "and " + std::to_string(left_out_) + " more errors"});
  }
  return std::move(errors_);
}

}  // namespace switchboard::config
