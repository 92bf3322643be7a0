#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/web/web_message.hpp"

namespace switchboard::web {

/// Makes requests of the bytes of one connection (HTTP/1.0 and 1.1, by Boost.Beast's parser), one
/// after the other; what is read beyond one is kept for the next. Holds no more than its limits.
/// Not thread-safe.
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

  /// Looks at what there is and `bytes`. After `complete`, `take` comes before the next call; after
  /// `bad` there is nothing more to be read here.
  state read(std::string_view bytes);
  request take();

  /// Of the one taken last: whether another may follow it here.
  bool keep_alive() const { return keep_alive_; }
  /// The version of the one taken last, or of the bad one as far as is known: 10 or 11.
  unsigned version() const { return version_; }
  /// A request has begun to come and is not complete.
  bool begun() const;
  bool header_done() const;

  /// After `bad`: what is answered, and why in a word.
  unsigned status() const { return status_; }
  const std::string& why() const { return why_; }

 private:
  struct parser;
  state refuse(unsigned status, std::string why);
  state judge();
  void renew();

  const limits limits_;
  std::unique_ptr<parser> parser_;
  std::string buffer_;
  /// Of the request at hand, what the parser has had.
  std::size_t parsed_ = 0;
  bool keep_alive_ = false;
  unsigned version_ = 11;
  unsigned status_ = 0;
  std::string why_;
};

}  // namespace switchboard::web
