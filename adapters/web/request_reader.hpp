#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/web/web_message.hpp"

namespace switchboard::web {

/// Makes requests of the bytes of one connection (HTTP/1.0 and 1.1, by Boost.Beast's parser), one after the other;
/// what is read beyond one is kept for the next. Holds no more than its limits. Not thread-safe.
class request_reader {
 public:
  struct limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;
  };
  enum class state { more, complete, bad };

  explicit request_reader(limits l);
  ~request_reader();
  request_reader(const request_reader&) = delete;
  request_reader& operator=(const request_reader&) = delete;

  /// Looks at what there is and `bytes`. After `complete`, `take` comes before the next call; after `bad` there is
  /// nothing more to be read here.
  state read(std::string_view bytes);
  request take();

  /// Of the one taken last: whether another may follow it here.
  bool keep_alive() const { return x_keep_alive; }
  /// The version of the one taken last, or of the bad one as far as is known: 10 or 11.
  unsigned version() const { return x_version; }
  /// A request has begun to come and is not complete.
  bool begun() const;
  bool header_done() const;

  /// After `bad`: what is answered, and why in a word.
  unsigned status() const { return x_status; }
  const std::string& why() const { return x_why; }

 private:
  struct parser;
  state refuse(unsigned status, std::string why);
  state judge();
  void renew();

  const limits x_limits;
  std::unique_ptr<parser> x_parser;
  std::string x_buffer;
  /// Of the request at hand, what the parser has had.
  std::size_t x_parsed = 0;
  bool x_keep_alive = false;
  unsigned x_version = 11;
  unsigned x_status = 0;
  std::string x_why;
};

}  // namespace switchboard::web
