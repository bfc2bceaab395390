#include "textflag.h"

// The kernels four values wide. Multiplications and additions stay apart and in
// the order of kernel.go: every bit of the results is the same.

// func productAVX(c *float64, columns int, p, q *float64, width int, sign float64)
TEXT ·productAVX(SB), NOSPLIT, $0-48
	MOVQ         c+0(FP), DI
	MOVQ         columns+8(FP), SI
	MOVQ         p+16(FP), R8
	MOVQ         q+24(FP), R9
	MOVQ         width+32(FP), CX
	VBROADCASTSD sign+40(FP), Y15
	SHLQ         $3, SI
	VXORPD       Y0, Y0, Y0
	VXORPD       Y1, Y1, Y1
	VXORPD       Y2, Y2, Y2
	VXORPD       Y3, Y3, Y3

next:
	SUBQ         $4, CX
	JLT          done
	VMOVUPD      (R9), Y4
	VBROADCASTSD (R8), Y5
	VBROADCASTSD 8(R8), Y6
	VBROADCASTSD 16(R8), Y7
	VBROADCASTSD 24(R8), Y8
	VMULPD       Y4, Y5, Y5
	VMULPD       Y4, Y6, Y6
	VMULPD       Y4, Y7, Y7
	VMULPD       Y4, Y8, Y8
	VADDPD       Y5, Y0, Y0
	VADDPD       Y6, Y1, Y1
	VADDPD       Y7, Y2, Y2
	VADDPD       Y8, Y3, Y3
	VMOVUPD      32(R9), Y9
	VBROADCASTSD 32(R8), Y10
	VBROADCASTSD 40(R8), Y11
	VBROADCASTSD 48(R8), Y12
	VBROADCASTSD 56(R8), Y13
	VMULPD       Y9, Y10, Y10
	VMULPD       Y9, Y11, Y11
	VMULPD       Y9, Y12, Y12
	VMULPD       Y9, Y13, Y13
	VADDPD       Y10, Y0, Y0
	VADDPD       Y11, Y1, Y1
	VADDPD       Y12, Y2, Y2
	VADDPD       Y13, Y3, Y3
	VMOVUPD      64(R9), Y4
	VBROADCASTSD 64(R8), Y5
	VBROADCASTSD 72(R8), Y6
	VBROADCASTSD 80(R8), Y7
	VBROADCASTSD 88(R8), Y8
	VMULPD       Y4, Y5, Y5
	VMULPD       Y4, Y6, Y6
	VMULPD       Y4, Y7, Y7
	VMULPD       Y4, Y8, Y8
	VADDPD       Y5, Y0, Y0
	VADDPD       Y6, Y1, Y1
	VADDPD       Y7, Y2, Y2
	VADDPD       Y8, Y3, Y3
	VMOVUPD      96(R9), Y9
	VBROADCASTSD 96(R8), Y10
	VBROADCASTSD 104(R8), Y11
	VBROADCASTSD 112(R8), Y12
	VBROADCASTSD 120(R8), Y13
	VMULPD       Y9, Y10, Y10
	VMULPD       Y9, Y11, Y11
	VMULPD       Y9, Y12, Y12
	VMULPD       Y9, Y13, Y13
	VADDPD       Y10, Y0, Y0
	VADDPD       Y11, Y1, Y1
	VADDPD       Y12, Y2, Y2
	VADDPD       Y13, Y3, Y3
	ADDQ         $128, R8
	ADDQ         $128, R9
	JMP          next

done:
	VMULPD  Y15, Y0, Y0
	VADDPD  (DI), Y0, Y0
	VMOVUPD Y0, (DI)
	ADDQ    SI, DI
	VMULPD  Y15, Y1, Y1
	VADDPD  (DI), Y1, Y1
	VMOVUPD Y1, (DI)
	ADDQ    SI, DI
	VMULPD  Y15, Y2, Y2
	VADDPD  (DI), Y2, Y2
	VMOVUPD Y2, (DI)
	ADDQ    SI, DI
	VMULPD  Y15, Y3, Y3
	VADDPD  (DI), Y3, Y3
	VMOVUPD Y3, (DI)
	VZEROUPPER
	RET

// func dotAVX(a, b *float64, n int) float64
TEXT ·dotAVX(SB), NOSPLIT, $0-32
	MOVQ   a+0(FP), R8
	MOVQ   b+8(FP), R9
	MOVQ   n+16(FP), CX
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1

next:
	SUBQ    $8, CX
	JLT     done
	VMOVUPD (R8), Y2
	VMOVUPD 32(R8), Y3
	VMULPD  (R9), Y2, Y2
	VMULPD  32(R9), Y3, Y3
	VADDPD  Y2, Y0, Y0
	VADDPD  Y3, Y1, Y1
	ADDQ    $64, R8
	ADDQ    $64, R9
	JMP     next

done:
	VADDPD       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VHADDPD      X0, X0, X0
	VHADDPD      X1, X1, X1
	VADDSD       X1, X0, X0
	VZEROUPPER
	VMOVSD       X0, ret+24(FP)
	RET

// func axpyAVX(s *float64, v float64, a *float64, n int)
TEXT ·axpyAVX(SB), NOSPLIT, $0-32
	MOVQ         s+0(FP), DI
	VBROADCASTSD v+8(FP), Y0
	MOVQ         a+16(FP), R8
	MOVQ         n+24(FP), CX

next:
	SUBQ    $8, CX
	JLT     done
	VMULPD  (R8), Y0, Y1
	VMULPD  32(R8), Y0, Y2
	VADDPD  (DI), Y1, Y1
	VADDPD  32(DI), Y2, Y2
	VMOVUPD Y1, (DI)
	VMOVUPD Y2, 32(DI)
	ADDQ    $64, R8
	ADDQ    $64, DI
	JMP     next

done:
	VZEROUPPER
	RET

// func packAVX(out *float64, step int, a, mean *float64, n int, w float64, limit *float64) bool
TEXT ·packAVX(SB), NOSPLIT, $0-57
	MOVQ         out+0(FP), DI
	MOVQ         step+8(FP), SI
	MOVQ         a+16(FP), R8
	MOVQ         mean+24(FP), R9
	MOVQ         n+32(FP), CX
	VBROADCASTSD w+40(FP), Y0
	MOVQ         limit+48(FP), R10
	SHLQ         $3, SI
	VXORPD       Y1, Y1, Y1

next:
	SUBQ    $4, CX
	JLT     done
	VMOVUPD (R8), Y2
	VSUBPD  (R9), Y2, Y2
	VMULPD  Y0, Y2, Y2
	VMOVUPD Y2, (DI)
	VMULPD  Y2, Y2, Y3
	VCMPPD  $0x1e, (R10), Y3, Y3 // greater, and both are numbers
	VORPD   Y3, Y1, Y1
	ADDQ    $32, R8
	ADDQ    $32, R9
	ADDQ    $32, R10
	ADDQ    SI, DI
	JMP     next

done:
	VMOVMSKPD Y1, AX
	TESTL     AX, AX
	SETNE     ret+56(FP)
	VZEROUPPER
	RET
