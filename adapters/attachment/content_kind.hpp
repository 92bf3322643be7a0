#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace switchboard::attachment {

/// Tells a file's kind by its content, whatever it is called: "image/png" (libmagic). One thread's.
class content_kind {
 public:
  content_kind();
  ~content_kind();
  /// Whether the system's database was found.
  bool ready() const { return cookie_ != nullptr; }
  /// Of a file on disk; "application/octet-stream" where nothing is known of it.
  std::string of_file(const std::string& path) const;
  std::string of_bytes(std::string_view bytes) const;

 private:
  struct closer {
    void operator()(void* cookie) const;
  };
  std::unique_ptr<void, closer> cookie_;
};

}  // namespace switchboard::attachment
