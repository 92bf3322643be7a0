#include "adapters/attachment/content_kind.hpp"

#include <algorithm>
#include <magic.h>

namespace switchboard::attachment {
namespace {

magic_t cookie(void* p) {
  return static_cast<magic_t>(p);
}

std::string kind_or_unknown(const char* found) {
  std::string kind = found ? found : "";
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return kind.find('/') == std::string::npos ? "application/octet-stream" : kind;
}

}  // namespace

void content_kind::closer::operator()(void* p) const {
  magic_close(cookie(p));
}

content_kind::content_kind() : cookie_(magic_open(MAGIC_MIME_TYPE | MAGIC_SYMLINK)) {
  if (cookie_ && magic_load(cookie(cookie_.get()), nullptr) != 0) cookie_.reset();
}

content_kind::~content_kind() = default;

std::string content_kind::of_file(const std::string& path) const {
  return kind_or_unknown(cookie_ ? magic_file(cookie(cookie_.get()), path.c_str()) : nullptr);
}

std::string content_kind::of_bytes(std::string_view bytes) const {
  return kind_or_unknown(cookie_ ? magic_buffer(cookie(cookie_.get()), bytes.data(), bytes.size())
                                 : nullptr);
}

}  // namespace switchboard::attachment
