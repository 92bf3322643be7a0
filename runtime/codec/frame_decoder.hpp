#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <msgpack/object_fwd.hpp>

#include "runtime/base/error.hpp"

namespace switchboard::codec {

/// What one message may be. Depth counts every open array and map, the message's own array
/// included.
struct frame_limits {
  std::size_t message_bytes = 64 * 1024;
  std::size_t depth = 16;
  /// All elements of all arrays and maps together (a pair counts twice); bounds memory at 24 bytes
  /// each.
  std::size_t items = 16 * 1024;
  std::size_t method_bytes = 128;
};

/// One MessagePack-RPC message. Points into the decoder: valid until its next `next`, `prepare` or
/// `feed`.
struct frame {
  enum class kind : std::uint8_t { request = 0, response = 1, notification = 2 };
  kind what = kind::request;
  std::uint32_t msgid = 0;
  std::string_view method;
  /// Request and notification: a map, never null.
  const msgpack::object* params = nullptr;
  /// Response: nil where there is none.
  const msgpack::object* failure = nullptr;
  const msgpack::object* result = nullptr;
  /// Request and notification: what the wire does not take in method or params, though the message
  /// is whole: `invalid_argument` naming the field. Null: nothing.
  const error* wrong = nullptr;
};

/// Why the stream cannot go on. `msgid` is there when the message was a request and got as far as
/// saying which.
struct bad_frame {
  error why;
  std::optional<std::uint32_t> msgid;
};

/// Cuts a byte stream into MessagePack-RPC messages. Messages have no length in front of them, so
/// an unfinished one is skimmed for its end as its bytes come, each byte once, and built only when
/// it is whole; one that is whole when first seen is built in a single pass, its texts left where
/// they are. Nothing is allocated for a length the peer merely declares, and a wrong shape is
/// refused at its first byte. The same pass looks at all that params hold, however deep: text is
/// UTF-8, keys are text and not repeated, there are no extension types, numbers are finite,
/// integers within ±2^53; whoever reads a value later need not ask again. After a bad frame the
/// decoder answers nothing else. Not thread-safe.
class frame_decoder {
 public:
  explicit frame_decoder(frame_limits limits = {});
  ~frame_decoder();
  frame_decoder(const frame_decoder&) = delete;
  frame_decoder& operator=(const frame_decoder&) = delete;

  /// Room for at least `bytes` more, to read into; then `commit` what came.
  std::span<char> prepare(std::size_t bytes);
  void commit(std::size_t bytes) { end_ += bytes; }
  /// Copies `bytes` in: for sources that have them already.
  void feed(std::string_view bytes);

  /// The next message, null when more bytes are needed, or what is wrong with it.
  tl::expected<const frame*, bad_frame> next();

  /// Bytes not yet handed out as a message.
  std::size_t buffered() const { return end_ - begin_ - given_; }
  /// For a peer that has earned more trust; counts from the next message.
  void limit(frame_limits limits);
  /// Gives memory back when nothing is buffered and more than `bytes` are held.
  void shrink(std::size_t bytes);

  /// INTERNAL: one way through a message, and what building one takes.
  struct pass;
  struct builder;

 private:
  static std::unique_ptr<builder> lease();
  static void give_back(std::unique_ptr<builder> b);

  tl::expected<bool, bad_frame> skim();
  tl::unexpected<bad_frame> refuse(const pass& seen, std::size_t size, bool not_msgpack);

  frame_limits limits_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t given_ = 0;
  std::unique_ptr<builder> builder_;
  std::unique_ptr<pass> skim_;
  std::size_t skimmed_ = 0;
  frame frame_;
  std::optional<bad_frame> bad_;
};

/// The writing side: appends the beginning of a message; the packed params map, result or error map
/// follows it.
void begin_request(std::string& out, std::uint32_t msgid, std::string_view method);
void begin_notification(std::string& out, std::string_view method);
/// [1, msgid, nil, <result>
void begin_result(std::string& out, std::uint32_t msgid);
/// [1, msgid, <error>, nil]
void append_failure(std::string& out, std::uint32_t msgid, std::string_view packed_error);

}  // namespace switchboard::codec
